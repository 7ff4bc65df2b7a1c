"""`hocso office`: what it prints, and what it says to what it can't do."""

import re
from pathlib import Path

import httpx
import pytest
from programs import hocso, make_home, running
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.chat_code import read_code


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path)


def office(home: Path, *args: str) -> tuple[int, str, str]:
    """Run it in this process; return its exit code, what it printed, and what it said beside."""
    done = CliRunner().invoke(app, ["office", *args, "--config", str(home / "config.yaml")], env={"COLUMNS": "200"})
    return done.exit_code, done.stdout, done.stderr


def test_an_invitation_leads_to_the_bot_that_the_settings_name(home: Path) -> None:
    assert "https://t.me/TÊN_BOT?start=vp_" in office(home, "invite", "Minh", "--role", "operator")[2]
    with (home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("\nteams: {telegram: HocSoThuBot}\n")
    assert "https://t.me/HocSoThuBot?start=vp_" in office(home, "invite", "Minh", "--role", "operator")[2]
    assert "https://t.me/HocSoThuBot?start=vp_" in office(home, "invite", "Hoa", "--role", "volunteer")[2]


def test_people_are_invited_listed_and_revoked(home: Path) -> None:
    code, link, said = office(home, "invite", " Nguyễn  Thị Lan ", "--role", "official", "--area", "14845")
    assert code == 0, said
    assert re.fullmatch(r"http://localhost:8080/office/link/[A-Za-z0-9_-]{22}\n", link)
    assert said.startswith("Gửi liên kết này cho Nguyễn Thị Lan, cho riêng người đó; dùng được một lần, trong 72 giờ.")
    [code_typed, code_linked, code_started] = re.findall(r"vp[-_](?:[a-z]{4}-){3}[a-z]{4}", said)
    assert read_code(code_typed) == read_code(code_linked) == read_code(code_started) != ""
    assert f"http://localhost:8080/?bai={code_linked}" in said
    assert office(home, "invite", "Minh", "--role", "operator")[0] == 0
    listed = office(home, "list")[1]
    assert re.search(r"Minh +│ operator +│ tỉnh Thanh Hóa \(all\) +│ \d\d/\d\d/\d{4} +│ – +│ 0", listed)
    assert re.search(r"Nguyễn Thị Lan +│ official +│ xã [^│]+ \(14845\) ", listed)
    assert office(home, "revoke", "Nguyễn Thị Lan")[0] == 0
    assert "Lan" not in office(home, "list")[1]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["invite", "Lan", "--role", "official"], "--area (none): an official's area is a commune's name or code"),
        (
            ["invite", "Lan", "--role", "official", "--area", "385"],
            "--area 385: Thanh Hóa không có xã, phường hay tổ nào là '385';",
        ),
        (["invite", "Lan", "--role", "official", "--area", "99001"], "--area 99001: Thanh Hóa không có xã, phường"),
        (["invite", "Lan", "--role", "helper", "--area", "all"], "--area all: a helper's area is a group"),
        (["invite", "Lan", "--role", "editor", "--area", "14845"], "editor: this role sees everything"),
        (["invite", "Lan", "--role", "helper", "--area", "Nga Sơn"], "--area 16093: a helper's area is a group"),
        (["invite", " ", "--role", "editor"], "The name has 0 characters; 1 to 60 printable ones are right."),
        (["invite", "L" * 61, "--role", "editor"], "The name has 61 characters; 1 to 60 printable ones are right."),
        (["revoke", "Lan"], "Nobody in the office is called 'Lan'; `hocso office list` shows all names."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(home: Path, args: list[str], sentence: str) -> None:
    code, out, said = office(home, *args)
    assert (code, out) == (1, "")
    assert said.startswith(sentence)
    assert said.count("\n") == 1


def test_a_helper_is_invited_by_the_name_or_the_code_of_their_group(home: Path) -> None:
    (home / "to.csv").write_text("Xã phường;Tên tổ\nNga Sơn;Tổ thôn 3\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["teams", "import", str(home / "to.csv"), "--config", str(home / "config.yaml")])
    assert done.stdout.startswith("mai moi 52 ")
    for name, area in (("Lan", "mai-moi-52"), ("Hoa", "to thon 3"), ("Mai", "Tổ thôn 3, Nga Sơn"), ("Tư", "16093.1")):
        assert office(home, "invite", name, "--role", "helper", "--area", area)[0] == 0
    assert office(home, "list")[1].count("Tổ thôn 3, xã Nga Sơn (16093.1)") == 4
    code, _, said = office(home, "invite", "Tám", "--role", "helper", "--area", "tổ thôn 30")
    assert (code, said) == (
        1,
        (
            "--area tổ thôn 30: Thanh Hóa không có xã, phường hay tổ nào là 'tổ thôn 30'; có phải ý là Tổ thôn 3, xã "
            "Nga Sơn (16093.1) không? (Did you mean this one?)\n"
        ),
    )


def test_a_name_with_another_role_is_left_as_it_is(home: Path) -> None:
    office(home, "invite", "Lan", "--role", "official", "--area", "14845")
    code, _, said = office(home, "invite", "Lan", "--role", "operator")
    assert (code, said) == (1, "Lan is in the office already, as official of 14845; revoke that first.\n")


def test_the_running_program_lets_in_whom_the_command_invited(home: Path) -> None:
    with running(home) as (_, address), httpx.Client(base_url=address, timeout=20) as http:
        link = hocso(home, "office", "invite", "Lan", "--role", "operator").stdout.strip()
        path = httpx.URL(link).path
        page = http.get(path)
        csrf = re.search(r'name="csrf" value="([^"]*)"', page.text)
        assert csrf, page.text
        entered = http.post(path, data={"csrf": csrf[1]})
        assert entered.headers["location"] == "/office/account?new"
        assert "Lan · Người vận hành" in http.get("/office/account").text
        assert http.get("/").status_code == httpx.codes.OK
