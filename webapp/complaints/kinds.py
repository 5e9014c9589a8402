"""The words of complaints: kinds, ways they come in, conclusions, and what lives elsewhere. Pure."""

from webapp.findings.finding_stages import SEVERITY_WORDS

KINDS = (
    ("complaint", "投诉"),
    ("report", "举报"),
    ("consult", "咨询"),
    ("opinion", "建议"),
    ("correction", "纠错"),
)
CHANNELS = (
    ("telephone", "来电"),
    ("letter", "来信"),
    ("visit", "来访"),
    ("mail", "门户网站信箱"),
)
# What an investigation found; the second and third are followed by a finding on the section complained of.
CONCLUSIONS = (
    ("answered", "已答复，不涉及核查"),
    ("substantiated", "属实"),
    ("partly", "部分属实"),
    ("unfounded", "不属实"),
    ("undecided", "无法核实"),
)
SUBSTANTIATED = frozenset({"substantiated", "partly"})
SATISFACTIONS = (("", "未表态"), ("satisfied", "满意"), ("dissatisfied", "不满意"))
SEVERITIES = tuple(SEVERITY_WORDS.items())
# Systems in which a matter lives with its names and its text; here only number, power and result.
SYSTEMS = (("12345", "12345政务服务热线"), ("12369", "12369环保举报"), ("petition", "信访信息系统"))
KIND_WORDS, CHANNEL_WORDS, CONCLUSION_WORDS = dict(KINDS), dict(CHANNELS), dict(CONCLUSIONS)
SYSTEM_WORDS, SATISFACTION_WORDS = dict(SYSTEMS), dict(SATISFACTIONS)
