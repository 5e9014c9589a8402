"""The checks of `make check` that are ours: each finds what it is for and leaves the rest alone."""

import pytest

from tools.check_templates import faults_of
from tools.check_words import faults_anywhere, faults_on_screen


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<script defer>\n</script>",
        '<script src="/a.js">go()</script>',
        "<style>p {}</style>",
        '<p style="color: red">',
        '<svg><path style = "fill: red"/></svg>',
        '<button onclick="go()">',
        '<div hx-on:click="go()">',
        '<div hx-on="click: go()">',
        """<a hx-vals='js:{a: 1}'>""",
        """<input hx-trigger="keyup[event.key == 'a']">""",
        '<a href="javascript:go()">',
        '<link href="https://example.com/a.css">',
        "<p>{{ text | safe }}</p>",
        "{% autoescape false %}{{ text }}{% endautoescape %}",
        "{% if open %}",
    ],
)
def test_a_template_that_needs_a_looser_policy_or_does_not_compile_is_found(source: str) -> None:
    assert list(faults_of("t.html", f"<p>前</p>\n{source}"))


@pytest.mark.parametrize(
    "source",
    [
        '<script src="{{ asset("js/app.js") }}" defer></script>',
        '<link rel="stylesheet" href="{{ asset("css/base.css") }}">',
        '{# never onclick="…" or style="…" #}<p class="style">一次性告知</p>',
        '<p data-label="{{ column.label }}" hx-get="/x" hx-trigger="settled">',
        "{# safe: drawn by us from escaped text #}\n{{ drawing | safe }}",
        "{{ drawing | safe }}{# safe: drawn by us #}",
        '<a href="/powers/7">',
    ],
)
def test_a_template_within_the_policy_passes(source: str) -> None:
    assert list(faults_of("t.html", source)) == []


def test_a_fault_is_told_with_its_line() -> None:
    [fault] = faults_of("t.html", '{# a\ncomment #}\n<p style="">')
    assert fault.startswith("t.html:3: ")


@pytest.mark.parametrize(
    "line",
    [
        "--index" + "-url x",
        "https://py" + "pi.org/a",
        "/ro" + "ot/.venv",
        "cd /wo" + "rk/main",
        "Co-" + "authored-by: a",
    ],
)
def test_hosts_and_paths_are_found_anywhere(line: str) -> None:
    assert list(faults_anywhere("README.md", line))


@pytest.mark.parametrize(
    "line", ["/usr/bin/chromium", "webapp/work/x.py", "../work", "https://example.com/", "/powers"]
)
def test_other_paths_are_left_alone(line: str) -> None:
    assert list(faults_anywhere("README.md", line)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("templates/a.html", "<p>用户列表</p>"),
        ("templates/a.html", "<p>已驳回</p>"),
        ("templates/a.html", "<p>保存成功!</p>"),
        ("webapp/a.py", 'RuleBroken("工作流已结束。")'),
        ("webapp/a.py", 'f"共{count}个节点"'),
        ("static/js/a.js", 'say("提交成功!");'),
    ],
)
def test_words_the_bureau_does_not_use_are_found_on_the_screen(name: str, text: str) -> None:
    assert list(faults_on_screen(name, text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("templates/a.html", "{# never 驳回 #}<p>退回修改</p>"),
        ("templates/a.html", "<label>用户名</label>"),
        ("webapp/a.py", '"""Never 驳回!"""\nX = 1  # 驳回\n'),
        ("webapp/a.py", 'WORD = "驳回"  # word: the heading of the superior\'s form\n'),
        ("static/js/a.js", "// 驳回\nrun();"),
    ],
)
def test_other_words_are_left_alone(name: str, text: str) -> None:
    assert list(faults_on_screen(name, text)) == []
