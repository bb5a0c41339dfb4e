# 命令
cmd = 议事亭：街道和社区的居民事项、公开和统计。不带命令就是演示。
cmd-demo = 装入一条虚构的街道并开始服务（不带命令时就是它）
cmd-serve = 开始服务
cmd-setup = 建立街道、第一个社区和三名管理员（不用打开网页）
cmd-import = 导入表格：事项台账、地点、单位、人员
cmd-export = 导出表格（.csv 或 .xlsx）
cmd-backup = 备份数据库和密钥到一个文件
cmd-restore = 从备份恢复到空的数据目录
cmd-verify = 核对全部记录：链、文字、表、附件、封存，还可以同以前打印的封存码比较
cmd-receipt = 核对一份回执文件，不需要数据
cmd-tally = 按表决规则计票，结果以 JSON 输出（- 表示从标准输入读取）
cmd-recount = 重算一份公布的表决结果文件，只看文件（- 表示从标准输入读取）
cmd-doctor = 检查数据目录、磁盘、数据库、密钥、日历、发件箱和账号
cmd-token = 接口令牌
cmd-token-create = 为一个账号生成接口令牌（只显示一次）
cmd-keys = 加密字段的密钥
cmd-keys-rotate = 换新密钥，把已有的密文重新加密；可以中断后再执行
cmd-keys-retire = 把不再需要的旧密钥从密钥文件里去掉
cmd-methods = 工作法
cmd-methods-list = 列出自带的工作法
cmd-docs = 写出由程序生成的文档
cmd-openapi = 打印接口说明（OpenAPI 3.1）

## 选项
arg-config = 配置文件（默认：当前目录的 yishiting.toml）
arg-data = 数据目录（默认 ./data，演示为 ./data/demo）
arg-database = PostgreSQL 地址 postgres://…（不给就用数据目录里的 SQLite）
arg-keys = 密钥文件（用 PostgreSQL 时；默认在数据目录里）
arg-listen = 监听地址（默认 127.0.0.1:8080）
arg-base-url = 居民打开的网址，用于二维码和链接
arg-secure-cookies = 只在 HTTPS 下发送登录凭据（网址是 https 时自动开启）
arg-log = 日志级别，例如 warn,yishiting=debug
arg-log-json = 日志用 JSON 格式
arg-lang = 终端语言：zh-Hans、zh-Hant、en
arg-json = 结果用 JSON 输出
arg-street-name = 街道名称
arg-street-code = 街道代码，所有地点路径的开头
arg-street-statistical = 街道 12 位统计用区划代码
arg-community-name = 第一个社区的名称
arg-community-code = 社区代码，2 到 6 个大写字母，事项编号的开头
arg-community-statistical = 社区 12 位统计用区划代码
arg-community-phone = 社区电话
arg-admin-login = 系统管理员的账号
arg-admin-password = 系统管理员的密码
arg-admin-names = 系统、安全、审计管理员的姓名，用逗号分开
arg-secretary-name = 社区书记的姓名（给了就一并开通）
arg-what = 导入导出什么
arg-folder = 写到哪个文件夹
arg-file = 文件
arg-community = 社区代码，例如 LY
arg-preview = 只看会怎样，不写入
arg-map = 列名=字段，可多次；列名=- 表示不要这一列
arg-without-keys = 不放入密钥文件（请另外保管：没有它，个人信息无法读取）
arg-keys-from = 密钥文件（备份时未放入的）
arg-seal = 以前的封存：打印的封存码，或者封存、回执文件
arg-key = 应当是哪把钥匙封存的（指纹）
arg-account = 账号
arg-name = 令牌的用途

## 失败
failed = 没有办成：{ $why }
found = 共 { $n } 处问题。
field-bad = 没有办成：{ $field }：{ $why }
row-bad = 第 { $row } 行 · { $field } · { $reason }
rows-bad = 共 { $n } 处错误，没有写入任何内容。改好以后再导入一次即可。
bad-config = 配置文件 { $file } 读不懂：{ $why }
bad-seal = { $file } 不是封存码（64 位），也不是封存或回执文件。
bad-key = { $key } 不是钥匙指纹（64 位）。
bad-json = { $file } 不是 JSON：{ $why }
bad-receipt = { $file } 不是回执：{ $why }
receipt-format = 回执的格式这个程序不认识。
receipt-path = 回执不成立：证明和封存对不上。
receipt-signature = 回执不成立：封存的签名不是它写明的钥匙签的。
receipt-key = 这份回执不是您信任的那把钥匙封存的。
bad-lang = 没有语言 { $found }，可用 zh-Hans、zh-Hant、en。
bad-database = --database 要以 postgres:// 开头；用 SQLite 请改用 --data 目录。
bad-base-url = --base-url 要以 http:// 或 https:// 开头，现在是 { $found }。
no-store = { $place } 里还没有数据。请先运行 yishiting serve 或 yishiting setup。
no-street = 还没有建立街道，请先运行 yishiting setup，或打开 /setup 页面。
no-community = 没有社区 { $code }，现有：{ $codes }
which-community = 请用 --community 说明是哪个社区：{ $codes }
no-account = 没有账号 { $account }
no-admin-password = 请用 --admin-password 或环境变量 YISHITING_ADMIN_PASSWORD 给出密码。
no-file = 打不开文件 { $file }：{ $why }
no-write = 写不了文件 { $file }：{ $why }
file-there = 文件 { $file } 已经存在，不会覆盖。请换一个名字。
bad-ending = 文件 { $file } 的结尾应是 .csv 或 .xlsx。
map-matters-only = --map 只用于导入事项。
port-taken = 地址 { $at } 已被别的程序占用。请停掉那个程序，或用 --listen 换一个端口，例如 --listen 127.0.0.1:8081。
port-forbidden = 没有权限监听 { $at }。请用 --listen 换一个 1024 以上的端口。
port-bad = 不能监听 { $at }：{ $why }。--listen 的写法是 地址:端口，例如 127.0.0.1:8080。
store-there = { $place } 里已经有数据，不会覆盖。请换一个空目录。
bad-archive = { $file } 不是完整的备份：{ $why }
backup-postgres = PostgreSQL 用它自己的工具备份：pg_dump --format=custom --file={ $file } "$YISHITING_DATABASE"。密钥文件 { $keys } 要另外保存。
restore-postgres = PostgreSQL 用它自己的工具恢复：pg_restore --dbname="$YISHITING_DATABASE" { $file }。然后把密钥文件放回 { $keys }，再运行 yishiting verify。
demo-not-demo = { $place } 里的数据不是演示数据，不会混在一起。请换一个目录，或用 yishiting serve。
demo-refused = 演示数据有一步没有做成：{ $why }

## 计票
tally-whole = 文件
tally-stdin = 标准输入
tally-missing = 缺少这一项。
tally-unexpected = 没有这个字段，可能写错了。
tally-wanted = { $kind ->
    [object] 应当是花括号里的一组字段。
    [list] 应当是方括号里的列表。
    [text] 应当是引号里的文字。
    [count] 应当是不带引号的整数。
   *[other] 应当是 true 或 false。
}
tally-not-one-of = 现在是 { $found }，只能是：{ $known }
tally-not-an-area = { $found } 不是面积，应写成 "88.50"（平方米，最多两位小数）。
tally-not-a-date = { $found } 不是日期，应写成 "2026-03-02"。
tally-not-a-time = { $found } 不是时间，应写成 "2026-06-01T09:00"。
tally-not-a-share = { $found } 不是比例，应写成 [2, 3, false]（最后一项表示是否必须超过）。
tally-too-large = 超过了能计的最大数 { $most }。
tally-too-small = 不能小于 { $least }。
tally-more-than = 合计 { $sum }，多于 { $whole }（{ $most }）。
tally-twice = { $found } 重复出现。
tally-not-on-roll = { $found } 不在名册上。
tally-not-theirs = { $found } 属于别的业主。
tally-empty = 不能为空。
tally-turned = 应当晚于开始时间。
tally-note = 说明：{ $field }：{ $why }
tally-left-voteless = { $owner } 在本次表决中没有投票权（车位不计入，或尚未交付），这张票没有计入。
tally-left-unserved = { $owner } 列为未送达，不计入参与，这张票没有计入。
recount-passed = 重算结果：通过
recount-rejected = 重算结果：未通过
recount-no-quorum = 重算结果：参与不足，未通过
recount-chosen = 入选：{ $names }
recount-rule = 规则
recount-roll = 名册
recount-outcome = 结果
recount-right = { $what }：和文件里写的一致
recount-wrong = { $what }：和文件里写的不一致！
recount-print = 文件指纹（SHA-256）：{ $hash }

## 结果
serving = 议事亭已在 { $url } 提供服务，数据在 { $data }
set-up-page = 还没有建立街道，请打开 { $url } 完成设置。
codes-here = 还没有接短信：验证码会显示在这个窗口里。
console-message = [{ $channel } → { $to }] { $text }
how-to-stop = 按 Ctrl-C 停止。
stopped = 已停止。
set-up-done = 已建立街道（{ $street }）和{ $community }。其余账号和一次性密码如下，只显示这一次：
set-up-next = 用上面的账号登录，先改密码。安全管理员授予职务，系统管理员开通账号。
token-once = 账号 { $account } 的令牌如下，只显示这一次：
verify-chains = 事件账：{ $n } 条，逐条核对哈希链
verify-room = { $room }：{ $n } 件由账重算并与表比对
verify-seals = 核对了 { $n } 次封存，共 { $entries } 条记录；{ $waiting } 条等待封存
verify-stands = 以前的第 { $n } 号封存依然成立，它包括的记录都没有变。
receipt-holds = 回执成立：这条记录在 { $at }（北京时间）的第 { $n } 号封存里，该次封存共 { $entries } 条记录。
receipt-code = 封存码，可同打印的比较：{ $code }
receipt-by = 由您信任的钥匙封存：{ $key }
receipt-by-whom = 封存用的钥匙指纹是 { $key }。请同公布的指纹比较，或者用 --key 给出。
verify-good = 全部一致。
column-taken = 列 { $column } → { $field }
columns-left = 没有用到的列：{ $columns }
import-preview = 预览：将新增 { $added }，修改 { $changed }，已有 { $same }。什么都没有写入。
import-done = 已新增 { $added }，修改 { $changed }，已有 { $same }。
exported = 已写出 { $n } 行到 { $file }
backed-up = 已备份到 { $file }：事件 { $entries } 条，事项 { $matters } 件。里面有密钥，请妥善保管。
backed-up-keyless = 其中没有密钥。请把 { $keys } 另外保管：没有它，备份里的个人信息无法读取。
archive-other-keys = 密钥文件属于另一个数据库：用它无法读取 { $file } 里的个人信息。
archive-keyless = { $file } 备份时没有放入密钥：请用 --keys-from 指出密钥文件。
restored = 已恢复到 { $place }：事件 { $entries } 条，事项 { $matters } 件。建议再运行 yishiting verify。

## 体检
doctor-store = 数据在 { $place }，{ $engine }
doctor-keys = 密钥文件 { $file } 只有主人能读
doctor-keys-open = 密钥文件 { $file } 别人也能读（权限 { $mode }），请运行 chmod 600
doctor-disk = 磁盘剩余 { $mib } MiB
doctor-database = 数据库完好
doctor-database-bad = 数据库有损坏：{ $why }。请从备份恢复。
doctor-schema = 数据表结构齐全（{ $n } 步）
doctor-schema-bad = 数据表结构有 { $there } 步，程序需要 { $known } 步
doctor-clock = 时钟 { $at }（北京时间）
doctor-clock-bad = 时钟比账上最后一条还早（{ $at }），请校准系统时间
doctor-street = 街道：{ $name }
doctor-calendar = { $year } 年的节假日齐全
doctor-year = { $year } 年的节假日还没有录入，时限只能按周一至周五算。请在设置里补上。
doctor-outbox = 发件箱：待发 { $waiting }，发不出去 { $dead }
doctor-clocks = 没有过点未处理的时限
doctor-struck = 有 { $n } 件的时限到点还没有处理；服务没有在运行时这是正常的
doctor-passwords = 还没有改过初始密码的账号：{ $n }

## 演示
demo-filling = 正在装入演示街道：{ $street }，半年的事项，请稍等……
demo-progress = { $month } 月 · 已有 { $matters } 件
demo-filled = 演示街道已装好：{ $matters } 件事项，{ $entries } 条事件，用时 { $seconds } 秒
demo-ready = 请在浏览器打开：
demo-residents = 居民
demo-staff = 工作台
demo-public = 公开
demo-accounts = 演示账号（密码都是 { $password }）：
demo-account-file = 完整名单：{ $file }
demo-fiction = 街道、社区、人名、电话和事情都是虚构的。
keys-rotated = 已换为第 { $key } 号密钥，重新加密 { $n } 项
keys-needed = 还有 { $n } 项用旧密钥加密，请先执行 keys rotate
keys-retired = 已去掉 { $n } 个旧密钥
