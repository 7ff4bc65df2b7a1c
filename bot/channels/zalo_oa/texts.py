"""The few words of the channel itself, in each language. Nobody is addressed: how, only the core knows."""

# A clip behind a link; `size` in kB is told to those who save data.
HEAR = {"vi": "Nghe đoạn này: {url}", "en": "Listen to this: {url}"}
HEAR_SIZE = {"vi": "{label} (khoảng {size} kB)", "en": "{label} (about {size} kB)"}

# Zalo lets no Official Account delete what a person wrote.
DELETE_IT = {
    "vi": "Trên Zalo, Học Số không xóa được tin đó. Xin chạm giữ vào tin ấy, rồi chọn Thu hồi hoặc Xóa.",
    "en": "On Zalo, Học Số can't delete that message. Please press and hold it, then choose Recall or Delete.",
}
