## 核对回执
receipt-title = 核对回执
receipt-lead = 您反映的事记下来以后，谁也不能悄悄改掉。输入回执码，马上就能看到它还在不在。
the-code = 回执码
code-hint = 在登记单上，是一串数字和字母。输入前 16 位就够了，空格不用管。
check-it = 核对
another = 再核对一个
unknown = 没有找到这个回执码
unknown-next = 请对照登记单，看看有没有输错。如果一个字也没错，请带上登记单到社区，或者打街道电话：这说明记录可能被删掉了。
altered = 这条记录和回执对不上
altered-next = 记录的内容被改过。请带上登记单到社区或街道，要求说明原因。
recorded = { $at } 已经记下
soon = 还没有封存，{ $minutes } 分钟之内会封存。封存以后再来核对，就能下载回执文件。
stands = 记录还在，没有被改过
stands-text = { $at } 记下，{ $sealed } 封存。
own-good = 您的浏览器也自己算了一遍：证明成立，签名正确。
own-half = 您的浏览器也自己算了一遍：证明成立。（这个浏览器验不了签名。）
own-bad = 您的浏览器自己算了一遍，对不上。请保存这一页，带到社区或街道问清楚。
recorded-at = 记下的时间
sealed-at = 封存的时间
seal-number = 封存号
number-n = 第 { $n } 号
get-file = 下载回执文件
how-title = 为什么信得过
how-text = 所有记录每 5 分钟封存一次，每一次都算出一串封存码，把以前的每一条都算在里面。每天的封存码公布并张贴出来，改动任何一条旧记录，封存码就对不上了。回执文件可以自己保存，不靠我们也能核对。
to-seals = 看每天的封存码

## 每日封存
seals-title = 每日封存
seals-lead = 每天最后一次封存公布在这里。打印出来贴在公告栏，以后就能证明记录没有被改过。
waiting-n = 现在有 { $n } 条新记录等待封存，{ $minutes } 分钟之内封存。
days = 各天的封存码
so-far = （到目前为止）
entries-n = 共 { $n } 条记录
no-seals = 还没有封存
no-seals-text = 有了记录以后，{ $minutes } 分钟之内第一次封存。
the-key = 封存用的公钥指纹
key-text = 封存的签名都出自这一把钥匙。核对回执文件时，用它确认是我们封存的。

## 公告栏上的一张纸
paper-title = 每日封存公告
paper-lead = 到这一刻为止的全部记录，都算在下面的封存码里。
paper-scan = 扫一扫看网页
paper-day = 日期
paper-entries = 记录总数
seal-code = 封存码
paper-head = 树根
paper-key = 公钥指纹
paper-keep = 请把这张纸留着。以后只要记录里有一条被改动、删掉或者补写，算出来的封存码就和这张纸上的不一样。
paper-check = 核对命令：

## 说不行的时候
refusal-bad-code = 回执码是 16 到 64 位的数字和字母 a–f
    .next = 请照登记单上的回执码输入，至少前 16 位。
refusal-no-entry = 没有找到这个回执码
    .next = 请对照登记单，看看有没有输错。
refusal-not-sealed = 这条记录还没有封存
    .next = { $minutes } 分钟之内会封存，请过一会儿再来。
refusal-no-seal = 没有这个封存号
    .next = 请到“每日封存”里找。
refusal-not-earlier = 要比较的封存号应当更早
    .next = 请换一个更小的封存号。
refusal-bad-limit = 每页数量应当在 1 到 200 之间
