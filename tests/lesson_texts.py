"""One good file of each kind, as text; tests of bad files change one thing in it."""

from bot.core.problem import Problem

LESSON = """\
format: 1
title: Giữ mã
summary: Ai hỏi mã cũng không đưa.
minutes: 3
audience: [nct, moi]
skills: [KN3]
needs: [an-01-dau-hieu]
checked: 2026-11-22
recheck_by: 2027-02-22
steps:
  - id: nghe
    kind: tell
    text: Nghe xong thì bấm **Tiếp**.
    picture: {file: nut.png, alt: Nút màu xanh.}
  - id: hoi
    was: [hoi-cu]
    kind: ask
    text: Có đưa mã không?
    hint: Mã là chìa khóa.
    choices:
      - text: Không đưa
        right: true
        because: Đúng rồi.
      - text: Đưa mã
        because: Mã là của riêng {bạn}.
  - id: lam
    kind: do
    text: "{Bạn} mở tin nhắn."
    differs: Tìm chữ gần giống.
    help: Nhờ người nhà.
  - id: goi
    kind: scene
    text: Diễn tập.
    lines:
      - id: chao
        who: Người lạ
        says: Đọc mã đi.
        choices:
          - {text: Nghe tiếp, next: doa}
          - {text: Cúp máy, next: debrief, because: Tốt lắm.}
      - id: doa
        who: Người lạ
        says: Nhanh lên.
        choices:
          - {text: Đọc mã, next: chao}
          - {text: Cúp máy luôn, next: debrief}
    debrief: Đó là kẻ lừa.
learnt: |
  {Bạn} biết giữ mã.
  Ai hỏi cũng không đưa.
"""

TRANSLATION = """\
format: 1
title: Keep your codes
summary: Whoever asks, don't give them.
steps:
  - id: nghe
    text: Listen, then press **Tiếp** (Next).
    picture: {alt: A green button.}
  - id: hoi
    text: Do you give the code?
    hint: A code is a key.
    choices:
      - {text: "No", because: Right.}
      - {text: "Yes", because: Your code is yours.}
  - id: lam
    text: Open your messages.
    differs: Look for similar words.
    help: Ask your family.
  - id: goi
    text: A rehearsal.
    lines:
      - id: chao
        who: A stranger
        says: Read me the code.
        choices:
          - {text: Listen on}
          - {text: Hang up, because: Well done.}
      - id: doa
        who: A stranger
        says: Hurry up.
        choices:
          - {text: Read it}
          - {text: Hang up now}
    debrief: That was a scammer.
learnt: You keep your codes.
"""

SHORT = """\
format: 1
title: Dấu hiệu
summary: Nhận ra kẻ gian.
minutes: 1
audience: [tat-ca]
skills: [KN3]
checked: 2026-11-22
recheck_by: 2027-02-22
steps:
  - {id: nghe, kind: tell, text: Nghe nhé.}
"""
SHORT_TRANSLATION = """\
format: 1
title: Signs
summary: Know a scammer.
steps:
  - {id: nghe, text: Listen.}
"""

COURSE = """\
format: 1
id: an-toan
title: An toàn
summary: Tránh bị lừa.
order: 10
"""

COURSE_TRANSLATION = """\
format: 1
title: Safety
summary: Keep clear of scams.
"""


def changed(text: str, old: str, new: str) -> str:
    """Return the text with one thing changed in one place."""
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def told(found: object) -> list[str]:
    """Return the problems as `line:column: what; cure`, or nothing where a file was good."""
    if not isinstance(found, list | tuple):
        return []
    return [f"{each.line}:{each.column}: {each.sentence('en')}" for each in found if isinstance(each, Problem)]
