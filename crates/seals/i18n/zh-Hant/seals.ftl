## 核对回执
receipt-title = 核對回執
receipt-lead = 您反映的事記下來以後，誰也不能悄悄改掉。輸入回執碼，馬上就能看到它還在不在。
the-code = 回執碼
code-hint = 在登記單上，是一串數字和字母。輸入前 16 位就夠了，空格不用管。
check-it = 核對
another = 再核對一個
unknown = 沒有找到這個回執碼
unknown-next = 請對照登記單，看看有沒有輸錯。如果一個字也沒錯，請帶上登記單到社區，或者打街道電話：這說明記錄可能被刪掉了。
altered = 這條記錄和回執對不上
altered-next = 記錄的內容被改過。請帶上登記單到社區或街道，要求說明原因。
recorded = { $at } 已經記下
soon = 還沒有封存，{ $minutes } 分鐘之內會封存。封存以後再來核對，就能下載回執文件。
stands = 記錄還在，沒有被改過
stands-text = { $at } 記下，{ $sealed } 封存。
own-good = 您的瀏覽器也自己算了一遍：證明成立，簽名正確。
own-half = 您的瀏覽器也自己算了一遍：證明成立。（這個瀏覽器驗不了簽名。）
own-bad = 您的瀏覽器自己算了一遍，對不上。請儲存這一頁，帶到社區或街道問清楚。
recorded-at = 記下的時間
sealed-at = 封存的時間
seal-number = 封存號
number-n = 第 { $n } 號
get-file = 下載回執文件
how-title = 為什麼信得過
how-text = 所有記錄每 5 分鐘封存一次，每一次都算出一串封存碼，把以前的每一條都算在裡面。每天的封存碼公佈並張貼出來，改動任何一條舊記錄，封存碼就對不上了。回執文件可以自己儲存，不靠我們也能核對。
to-seals = 看每天的封存碼

## 每日封存
seals-title = 每日封存
seals-lead = 每天最後一次封存公佈在這裡。列印出來貼在公告欄，以後就能證明記錄沒有被改過。
waiting-n = 現在有 { $n } 條新記錄等待封存，{ $minutes } 分鐘之內封存。
days = 各天的封存碼
so-far = （到目前為止）
entries-n = 共 { $n } 條記錄
no-seals = 還沒有封存
no-seals-text = 有了記錄以後，{ $minutes } 分鐘之內第一次封存。
the-key = 封存用的公鑰指紋
key-text = 封存的簽名都出自這一把鑰匙。核對回執文件時，用它確認是我們封存的。

## 公告栏上的一张纸
paper-title = 每日封存公告
paper-lead = 到這一刻為止的全部記錄，都算在下面的封存碼裡。
paper-scan = 掃一掃看網頁
paper-day = 日期
paper-entries = 記錄總數
seal-code = 封存碼
paper-head = 樹根
paper-key = 公鑰指紋
paper-keep = 請把這張紙留著。以後只要記錄裡有一條被改動、刪掉或者補寫，算出來的封存碼就和這張紙上的不一樣。
paper-check = 核對命令：

## 说不行的时候
refusal-bad-code = 回執碼是 16 到 64 位的數字和字母 a–f
    .next = 請照登記單上的回執碼輸入，至少前 16 位。
refusal-no-entry = 沒有找到這個回執碼
    .next = 請對照登記單，看看有沒有輸錯。
refusal-not-sealed = 這條記錄還沒有封存
    .next = { $minutes } 分鐘之內會封存，請過一會兒再來。
refusal-no-seal = 沒有這個封存號
    .next = 請到“每日封存”裡找。
refusal-not-earlier = 要比較的封存號應當更早
    .next = 請換一個更小的封存號。
refusal-bad-limit = 每頁數量應當在 1 到 200 之間
