# 命令
cmd = 議事亭：街道和社區的居民事項、公開和統計。不帶命令就是演示。
cmd-demo = 裝入一條虛構的街道並開始服務（不帶命令時就是它）
cmd-serve = 開始服務
cmd-setup = 建立街道、第一個社區和三名管理員（不用開啟網頁）
cmd-import = 匯入表格：事項臺賬、地點、單位、人員
cmd-export = 匯出表格（.csv 或 .xlsx）
cmd-backup = 備份資料庫和金鑰到一個文件
cmd-restore = 從備份恢復到空的資料目錄
cmd-verify = 核對全部記錄：鏈、文字、表、附件、封存，還可以同以前列印的封存碼比較
cmd-receipt = 核對一份回執文件，不需要資料
cmd-tally = 按表決規則計票，結果以 JSON 輸出（- 表示從標準輸入讀取）
cmd-recount = 重算一份公佈的表決結果文件，只看文件（- 表示從標準輸入讀取）
cmd-doctor = 檢查資料目錄、磁碟、資料庫、金鑰、日曆、發件箱和賬號
cmd-token = 介面令牌
cmd-token-create = 為一個賬號生成介面令牌（只顯示一次）
cmd-keys = 加密欄位的金鑰
cmd-keys-rotate = 換新金鑰，把已有的密文重新加密；可以中斷後再執行
cmd-keys-retire = 把不再需要的舊金鑰從金鑰文件裡去掉
cmd-methods = 工作法
cmd-methods-list = 列出自帶的工作法
cmd-docs = 寫出由程序生成的文件
cmd-openapi = 列印介面說明（OpenAPI 3.1）

## 选项
arg-config = 配置文件（預設：當前目錄的 yishiting.toml）
arg-data = 資料目錄（預設 ./data，演示為 ./data/demo）
arg-database = PostgreSQL 地址 postgres://…（不給就用資料目錄裡的 SQLite）
arg-keys = 金鑰文件（用 PostgreSQL 時；預設在資料目錄裡）
arg-listen = 監聽地址（預設 127.0.0.1:8080）
arg-base-url = 居民開啟的網址，用於二維碼和連結
arg-secure-cookies = 只在 HTTPS 下傳送登入憑據（網址是 https 時自動開啟）
arg-log = 日誌級別，例如 warn,yishiting=debug
arg-log-json = 日誌用 JSON 格式
arg-lang = 終端語言：zh-Hans、zh-Hant、en
arg-json = 結果用 JSON 輸出
arg-street-name = 街道名稱
arg-street-code = 街道代碼，所有地點路徑的開頭
arg-street-statistical = 街道 12 位統計用區劃代碼
arg-community-name = 第一個社區的名稱
arg-community-code = 社區代碼，2 到 6 個大寫字母，事項編號的開頭
arg-community-statistical = 社區 12 位統計用區劃代碼
arg-community-phone = 社區電話
arg-admin-login = 系統管理員的賬號
arg-admin-password = 系統管理員的密碼
arg-admin-names = 系統、安全、審計管理員的姓名，用逗號分開
arg-secretary-name = 社區書記的姓名（給了就一併開通）
arg-what = 匯入匯出什麼
arg-folder = 寫到哪個資料夾
arg-file = 文件
arg-community = 社區代碼，例如 LY
arg-preview = 只看會怎樣，不寫入
arg-map = 列名=欄位，可多次；列名=- 表示不要這一列
arg-without-keys = 不放入金鑰文件（請另外保管：沒有它，個人資訊無法讀取）
arg-keys-from = 金鑰文件（備份時未放入的）
arg-seal = 以前的封存：列印的封存碼，或者封存、回執文件
arg-key = 應當是哪把鑰匙封存的（指紋）
arg-account = 賬號
arg-name = 令牌的用途

## 失败
failed = 沒有辦成：{ $why }
found = 共 { $n } 處問題。
field-bad = 沒有辦成：{ $field }：{ $why }
row-bad = 第 { $row } 行 · { $field } · { $reason }
rows-bad = 共 { $n } 處錯誤，沒有寫入任何內容。改好以後再匯入一次即可。
bad-config = 配置文件 { $file } 讀不懂：{ $why }
bad-seal = { $file } 不是封存碼（64 位），也不是封存或回執文件。
bad-key = { $key } 不是鑰匙指紋（64 位）。
bad-json = { $file } 不是 JSON：{ $why }
bad-receipt = { $file } 不是回執：{ $why }
receipt-format = 回執的格式這個程序不認識。
receipt-path = 回執不成立：證明和封存對不上。
receipt-signature = 回執不成立：封存的簽名不是它寫明的鑰匙籤的。
receipt-key = 這份回執不是您信任的那把鑰匙封存的。
bad-lang = 沒有語言 { $found }，可用 zh-Hans、zh-Hant、en。
bad-database = --database 要以 postgres:// 開頭；用 SQLite 請改用 --data 目錄。
bad-base-url = --base-url 要以 http:// 或 https:// 開頭，現在是 { $found }。
no-store = { $place } 裡還沒有資料。請先運行 yishiting serve 或 yishiting setup。
no-street = 還沒有建立街道，請先運行 yishiting setup，或開啟 /setup 頁面。
no-community = 沒有社區 { $code }，現有：{ $codes }
which-community = 請用 --community 說明是哪個社區：{ $codes }
no-account = 沒有賬號 { $account }
no-admin-password = 請用 --admin-password 或環境變數 YISHITING_ADMIN_PASSWORD 給出密碼。
no-file = 打不開文件 { $file }：{ $why }
no-write = 寫不了文件 { $file }：{ $why }
file-there = 文件 { $file } 已經存在，不會覆蓋。請換一個名字。
bad-ending = 文件 { $file } 的結尾應是 .csv 或 .xlsx。
map-matters-only = --map 只用於匯入事項。
port-taken = 地址 { $at } 已被別的程序佔用。請停掉那個程序，或用 --listen 換一個埠，例如 --listen 127.0.0.1:8081。
port-forbidden = 沒有權限監聽 { $at }。請用 --listen 換一個 1024 以上的埠。
port-bad = 不能監聽 { $at }：{ $why }。--listen 的寫法是 地址:埠，例如 127.0.0.1:8080。
store-there = { $place } 裡已經有資料，不會覆蓋。請換一個空目錄。
bad-archive = { $file } 不是完整的備份：{ $why }
backup-postgres = PostgreSQL 用它自己的工具備份：pg_dump --format=custom --file={ $file } "$YISHITING_DATABASE"。金鑰文件 { $keys } 要另外儲存。
restore-postgres = PostgreSQL 用它自己的工具恢復：pg_restore --dbname="$YISHITING_DATABASE" { $file }。然後把金鑰文件放回 { $keys }，再運行 yishiting verify。
demo-not-demo = { $place } 裡的資料不是演示資料，不會混在一起。請換一個目錄，或用 yishiting serve。
demo-refused = 演示資料有一步沒有做成：{ $why }

## 计票
tally-whole = 文件
tally-stdin = 標準輸入
tally-missing = 缺少這一項。
tally-unexpected = 沒有這個欄位，可能寫錯了。
tally-wanted = { $kind ->
    [object] 應當是花括號裡的一組欄位。
    [list] 應當是方括號裡的列表。
    [text] 應當是引號裡的文字。
    [count] 應當是不帶引號的整數。
   *[other] 應當是 true 或 false。
}
tally-not-one-of = 現在是 { $found }，只能是：{ $known }
tally-not-an-area = { $found } 不是面積，應寫成 "88.50"（平方米，最多兩位小數）。
tally-not-a-date = { $found } 不是日期，應寫成 "2026-03-02"。
tally-not-a-time = { $found } 不是時間，應寫成 "2026-06-01T09:00"。
tally-not-a-share = { $found } 不是比例，應寫成 [2, 3, false]（最後一項表示是否必須超過）。
tally-too-large = 超過了能計的最大數 { $most }。
tally-too-small = 不能小於 { $least }。
tally-more-than = 合計 { $sum }，多於 { $whole }（{ $most }）。
tally-twice = { $found } 重複出現。
tally-not-on-roll = { $found } 不在名冊上。
tally-not-theirs = { $found } 屬於別的業主。
tally-empty = 不能為空。
tally-turned = 應當晚於開始時間。
tally-note = 說明：{ $field }：{ $why }
tally-left-voteless = { $owner } 在本次表決中沒有投票權（車位不計入，或尚未交付），這張票沒有計入。
tally-left-unserved = { $owner } 列為未送達，不計入參與，這張票沒有計入。
recount-passed = 重算結果：通過
recount-rejected = 重算結果：未通過
recount-no-quorum = 重算結果：參與不足，未通過
recount-chosen = 入選：{ $names }
recount-rule = 規則
recount-roll = 名冊
recount-outcome = 結果
recount-right = { $what }：和文件裡寫的一致
recount-wrong = { $what }：和文件裡寫的不一致！
recount-print = 文件指紋（SHA-256）：{ $hash }

## 结果
serving = 議事亭已在 { $url } 提供服務，資料在 { $data }
set-up-page = 還沒有建立街道，請開啟 { $url } 完成設定。
codes-here = 還沒有接簡訊：驗證碼會顯示在這個視窗裡。
console-message = [{ $channel } → { $to }] { $text }
how-to-stop = 按 Ctrl-C 停止。
stopped = 已停止。
set-up-done = 已建立街道（{ $street }）和{ $community }。其餘賬號和一次性密碼如下，只顯示這一次：
set-up-next = 用上面的賬號登入，先改密碼。安全管理員授予職務，系統管理員開通賬號。
token-once = 賬號 { $account } 的令牌如下，只顯示這一次：
verify-chains = 事件賬：{ $n } 條，逐條核對雜湊鏈
verify-room = { $room }：{ $n } 件由賬重算並與表比對
verify-seals = 核對了 { $n } 次封存，共 { $entries } 條記錄；{ $waiting } 條等待封存
verify-stands = 以前的第 { $n } 號封存依然成立，它包括的記錄都沒有變。
receipt-holds = 回執成立：這條記錄在 { $at }（北京時間）的第 { $n } 號封存裡，該次封存共 { $entries } 條記錄。
receipt-code = 封存碼，可同列印的比較：{ $code }
receipt-by = 由您信任的鑰匙封存：{ $key }
receipt-by-whom = 封存用的鑰匙指紋是 { $key }。請同公佈的指紋比較，或者用 --key 給出。
verify-good = 全部一致。
column-taken = 列 { $column } → { $field }
columns-left = 沒有用到的列：{ $columns }
import-preview = 預覽：將新增 { $added }，修改 { $changed }，已有 { $same }。什麼都沒有寫入。
import-done = 已新增 { $added }，修改 { $changed }，已有 { $same }。
exported = 已寫出 { $n } 行到 { $file }
backed-up = 已備份到 { $file }：事件 { $entries } 條，事項 { $matters } 件。裡面有金鑰，請妥善保管。
backed-up-keyless = 其中沒有金鑰。請把 { $keys } 另外保管：沒有它，備份裡的個人資訊無法讀取。
archive-other-keys = 金鑰文件屬於另一個資料庫：用它無法讀取 { $file } 裡的個人資訊。
archive-keyless = { $file } 備份時沒有放入金鑰：請用 --keys-from 指出金鑰文件。
restored = 已恢復到 { $place }：事件 { $entries } 條，事項 { $matters } 件。建議再運行 yishiting verify。

## 体检
doctor-store = 資料在 { $place }，{ $engine }
doctor-keys = 金鑰文件 { $file } 只有主人能讀
doctor-keys-open = 金鑰文件 { $file } 別人也能讀（權限 { $mode }），請運行 chmod 600
doctor-disk = 磁碟剩餘 { $mib } MiB
doctor-database = 資料庫完好
doctor-database-bad = 資料庫有損壞：{ $why }。請從備份恢復。
doctor-schema = 資料表結構齊全（{ $n } 步）
doctor-schema-bad = 資料表結構有 { $there } 步，程序需要 { $known } 步
doctor-clock = 時鐘 { $at }（北京時間）
doctor-clock-bad = 時鐘比賬上最後一條還早（{ $at }），請校準系統時間
doctor-street = 街道：{ $name }
doctor-calendar = { $year } 年的節假日齊全
doctor-year = { $year } 年的節假日還沒有錄入，時限只能按週一至週五算。請在設定裡補上。
doctor-outbox = 發件箱：待發 { $waiting }，發不出去 { $dead }
doctor-clocks = 沒有過點未處理的時限
doctor-struck = 有 { $n } 件的時限到點還沒有處理；服務沒有在運行時這是正常的
doctor-passwords = 還沒有改過初始密碼的賬號：{ $n }

## 演示
demo-filling = 正在裝入演示街道：{ $street }，半年的事項，請稍等……
demo-progress = { $month } 月 · 已有 { $matters } 件
demo-filled = 演示街道已裝好：{ $matters } 件事項，{ $entries } 條事件，用時 { $seconds } 秒
demo-ready = 請在瀏覽器開啟：
demo-residents = 居民
demo-staff = 工作臺
demo-public = 公開
demo-accounts = 演示賬號（密碼都是 { $password }）：
demo-account-file = 完整名單：{ $file }
demo-fiction = 街道、社區、人名、電話和事情都是虛構的。
keys-rotated = 已換為第 { $key } 號金鑰，重新加密 { $n } 項
keys-needed = 還有 { $n } 項用舊金鑰加密，請先執行 keys rotate
keys-retired = 已去掉 { $n } 箇舊金鑰
