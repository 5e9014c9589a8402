"""A form of a page as a browser would send it: every input, text box and list with what stands in it."""

from html.parser import HTMLParser

Pairs = list[tuple[str, str]]


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, Pairs] = {}
        self._pairs: Pairs = []
        self._box: tuple[str, list[str]] | None = None
        self._list: tuple[str, list[str]] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._pairs = self.forms.setdefault(given.get("action", ""), [])
        elif tag == "input" and given.get("name"):
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self._pairs.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self._box = (given["name"], []) if given.get("name") else None
        elif tag == "select":
            self._list = (given["name"], [])
        elif tag == "option" and self._list and ("selected" in given or not self._list[1]):
            self._list[1][:] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._box:
            text = "".join(self._box[1]).removeprefix("\n")
            self._pairs.append((self._box[0], text.replace("\n", "\r\n")))  # as browsers send it
            self._box = None
        elif tag == "select" and self._list:
            self._pairs.extend((self._list[0], value) for value in self._list[1])
            self._list = None

    def handle_data(self, data: str) -> None:
        if self._box:
            self._box[1].append(data)


def filled(page: str, action: str) -> Pairs:
    """Return what the form of a page that posts to an address would send."""
    return _Forms(page).forms[action]


def changed(pairs: Pairs, **values: str | list[str] | None) -> dict[str, list[str]]:
    """Return a form with some values replaced; None takes an input out. `__` in a name stands for `-`."""
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    for key, value in values.items():
        name = key.replace("__", "-")
        if value is None:
            form.pop(name, None)
        else:
            form[name] = [value] if isinstance(value, str) else value
    return form
