"""The fixed parts of a .docx: styles by GB/T 9704 (papers.md 5.1), settings, properties that name nobody. Pure."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = f'xmlns:w="{_W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_OFFICE}.styles+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_OFFICE}.settings+xml"/>'
    "{footers}</Types>"
)
PACKAGE_RELS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
CORE = (
    f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2008-06-05T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2008-06-05T00:00:00Z</dcterms:modified></cp:coreProperties>'
)
# Odd pages carry their number at the right, even ones at the left.
SETTINGS = (
    f'{_XML}<w:settings xmlns:w="{_W}"><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
    ' w:val="15"/></w:compat></w:settings>'
)


def _style(name: str, paragraph: str, run: str, *, default: bool = False) -> str:
    told = ' w:default="1"' if default else ""
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{told} w:styleId="{name}"><w:name w:val="{name}"/>{based}'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _face(east: str, latin: str, size: int, more: str = "") -> str:
    """Return a run's properties; size in half points."""
    return (
        f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east}"/>{more}'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    )


_SONG, _HEI, _FANG, _KAI = (
    ("宋体", "SimSun"),
    ("黑体", "SimHei"),
    ("仿宋_GB2312", "FangSong_GB2312"),
    ("楷体_GB2312", "KaiTi"),
)
_EXACT = '<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
STYLES = (
    f'{_XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_face(*_SONG, 21)}'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + _style("Normal", "", "", default=True)
    + _style(
        "PaperTitle",
        '<w:keepNext/><w:spacing w:before="0" w:after="160"/><w:jc w:val="center"/>',
        _face("方正小标宋简体", "SimSun", 44, "<w:b/>"),
    )
    + _style("PaperSubtitle", '<w:spacing w:after="120"/><w:jc w:val="center"/>', _face(*_KAI, 32))
    # 22 lines of 28 characters on 225 mm: 29 pt each.
    + _style("PaperHeading", f'<w:keepNext/>{_EXACT.format(line=580)}<w:ind w:firstLine="640"/>', _face(*_HEI, 32))
    + _style("PaperText", f'{_EXACT.format(line=580)}<w:ind w:firstLine="640"/><w:jc w:val="both"/>', _face(*_FANG, 32))
    + _style("PaperLine", '<w:keepNext/><w:spacing w:before="60" w:after="60"/>', _face(*_FANG, 24))
    + _style("PaperNote", '<w:spacing w:before="40" w:after="40"/>', _face(*_SONG, 21))
    + _style("PaperCell", '<w:spacing w:before="20" w:after="20"/>', "")
    + _style("PaperFoot", '<w:spacing w:before="0" w:after="0"/>', _face(*_SONG, 13, '<w:color w:val="808080"/>'))
    + _style("PageNumber", '<w:spacing w:before="0" w:after="0"/>', _face(*_SONG, 28))
    + "</w:styles>"
)
FOOTER = (
    f"{_XML}<w:ftr {{namespaces}}>"
    '<w:p><w:pPr><w:pStyle w:val="PageNumber"/><w:jc w:val="{align}"/></w:pPr>'
    '<w:r><w:t xml:space="preserve">— </w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    '<w:p><w:pPr><w:pStyle w:val="PaperFoot"/></w:pPr><w:r><w:t xml:space="preserve">{foot}</w:t></w:r></w:p></w:ftr>'
)


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)
