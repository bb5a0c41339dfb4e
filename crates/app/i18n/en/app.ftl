# Commands
cmd = Yishiting: residents' matters, openness and figures for streets and communities. Without a command it is the demo.
cmd-demo = Fill a fictional street and serve it (this is what no command does)
cmd-serve = Serve
cmd-setup = Make the street, the first community and the three administrators, without the page
cmd-import = Take in a table: a ledger of matters, places, units, people
cmd-export = Write a table (.csv or .xlsx)
cmd-backup = Back up database and keys into one file
cmd-restore = Restore a backup into an empty data folder
cmd-verify = Check the whole record: chains, texts, tables, attachments, seals, and a seal that was printed earlier
cmd-receipt = Check a receipt file without any store
cmd-tally = Count a file by the rules of decision and print the figures as JSON (- reads standard input)
cmd-recount = Count a published result again, trusting nothing but the file (- reads standard input)
cmd-doctor = Look at data folder, disk, database, keys, calendar, outbox and accounts
cmd-token = Tokens for programs
cmd-token-create = Make an API token for an account (shown once)
cmd-keys = Keys of the encrypted fields
cmd-keys-rotate = Add a new key and seal everything anew; may be stopped and run again
cmd-keys-retire = Take old keys that nothing needs out of the key file
cmd-methods = Work methods
cmd-methods-list = List the work methods that are shipped
cmd-docs = Write the documents that are made from the program itself
cmd-openapi = Print the description of the API (OpenAPI 3.1)

## Options
arg-config = Configuration file (default: yishiting.toml in this folder)
arg-data = Data folder (default ./data; ./data/demo for the demo)
arg-database = PostgreSQL address postgres://… (without it, SQLite in the data folder)
arg-keys = Key file (with PostgreSQL; by default in the data folder)
arg-listen = Address to listen on (default 127.0.0.1:8080)
arg-base-url = Address under which people reach it, for QR codes and links
arg-secure-cookies = Send cookies over HTTPS only (on by itself when the address is https)
arg-log = What is logged, such as warn,yishiting=debug
arg-log-json = Log as JSON
arg-lang = Language of the terminal: zh-Hans, zh-Hant, en
arg-json = Print results as JSON
arg-street-name = Name of the street
arg-street-code = Code of the street, the first of every place's path
arg-street-statistical = The street's 12-digit statistical code
arg-community-name = Name of the first community
arg-community-code = Code of the community, 2 to 6 capital letters, the beginning of matters' numbers
arg-community-statistical = The community's 12-digit statistical code
arg-community-phone = Telephone of the community
arg-admin-login = Login of the system administrator
arg-admin-password = Password of the system administrator
arg-admin-names = Names of system, security and audit administrator, separated by commas
arg-secretary-name = Name of the community's secretary (who then gets an account too)
arg-what = What is taken in or out
arg-folder = The folder they go to
arg-file = The file
arg-community = Code of the community, such as LY
arg-preview = Say what would happen and write nothing
arg-map = column=field, may be repeated; column=- leaves a column out
arg-without-keys = Leave the key file out (keep it elsewhere: nothing personal can be read without it)
arg-keys-from = The key file, when the archive was made without it
arg-seal = A seal of earlier: its code as printed, or a file with a seal or a receipt
arg-key = Fingerprint of the key that must have sealed it
arg-account = The account
arg-name = What the token is for

## Failures
failed = Not done: { $why }
found = { $n } problems.
field-bad = Not done: { $field }: { $why }
row-bad = row { $row } · { $field } · { $reason }
rows-bad = { $n } errors; nothing was written. Mend the file and import it again.
bad-config = The configuration file { $file } cannot be read: { $why }
bad-seal = { $file } is neither the code of a seal (64 digits) nor a file with a seal or a receipt.
bad-key = { $key } is no fingerprint of a key (64 digits).
bad-json = { $file } is no JSON: { $why }
bad-receipt = { $file } is no receipt: { $why }
receipt-format = The receipt has a format that this program does not know.
receipt-path = The receipt does not hold: its proof does not lead to the seal.
receipt-signature = The receipt does not hold: the seal is not signed by the key that it names.
receipt-key = The receipt was sealed with another key than the one you trust.
bad-lang = There is no language { $found }; take zh-Hans, zh-Hant or en.
bad-database = --database begins with postgres://; for SQLite give a folder with --data.
bad-base-url = --base-url begins with http:// or https://, not { $found }.
no-store = There is no store in { $place } yet. Run yishiting serve or yishiting setup first.
no-street = There is no street yet. Run yishiting setup, or open the page /setup.
no-community = There is no community { $code }; there are: { $codes }
which-community = Say which community with --community: { $codes }
no-account = There is no account { $account }
no-admin-password = Give the password with --admin-password or in the environment variable YISHITING_ADMIN_PASSWORD.
no-file = The file { $file } cannot be opened: { $why }
no-write = The file { $file } cannot be written: { $why }
file-there = The file { $file } is there already and is not overwritten. Take another name.
bad-ending = The file { $file } must end in .csv or .xlsx.
map-matters-only = --map is only for importing matters.
port-taken = Another program listens on { $at } already. Stop it, or take another port with --listen, such as --listen 127.0.0.1:8081.
port-forbidden = Listening on { $at } is not allowed. Take a port above 1024 with --listen.
port-bad = Cannot listen on { $at }: { $why }. --listen is address:port, such as 127.0.0.1:8080.
store-there = There is a store in { $place } already; it is not overwritten. Take an empty folder.
bad-archive = { $file } is no complete backup: { $why }
backup-postgres = PostgreSQL is backed up by its own tool: pg_dump --format=custom --file={ $file } "$YISHITING_DATABASE". Keep the key file { $keys } apart from it.
restore-postgres = PostgreSQL is restored by its own tool: pg_restore --dbname="$YISHITING_DATABASE" { $file }. Then put the key file back as { $keys } and run yishiting verify.
demo-not-demo = The store in { $place } is no demo; nothing is mixed into it. Take another folder, or run yishiting serve.
demo-refused = A step of the demo was refused: { $why }

## Counting
tally-whole = the file
tally-stdin = standard input
tally-missing = is missing.
tally-unexpected = is not known here; it may be misspelled.
tally-wanted = { $kind ->
    [object] must be an object in braces.
    [list] must be a list in brackets.
    [text] must be a text in quotation marks.
    [count] must be a whole number without quotation marks.
   *[other] must be true or false.
}
tally-not-one-of = is { $found }, but only these can stand here: { $known }
tally-not-an-area = { $found } is no area; write it as "88.50" (square metres, at most two places).
tally-not-a-date = { $found } is no date; write it as "2026-03-02".
tally-not-a-time = { $found } is no time; write it as "2026-06-01T09:00".
tally-not-a-share = { $found } is no share of a whole; write it as [2, 3, false] (the last says whether it must be exceeded).
tally-too-large = is above { $most }, the most that can be counted.
tally-too-small = must be { $least } or more.
tally-more-than = together make { $sum }, more than { $whole } ({ $most }).
tally-twice = { $found } stands there a second time.
tally-not-on-roll = { $found } is not on the roll.
tally-not-theirs = { $found } belongs to another owner.
tally-empty = must not be empty.
tally-turned = must be later than the beginning.
tally-note = Note: { $field }: { $why }
tally-left-voteless = { $owner } has no vote here (parking that does not count, or not yet handed over); this ballot was not counted.
tally-left-unserved = { $owner } is listed as not served and does not take part; this ballot was not counted.
recount-passed = Counted again: passed
recount-rejected = Counted again: not passed
recount-no-quorum = Counted again: too few took part, not passed
recount-chosen = Chosen: { $names }
recount-rule = rule
recount-roll = roll
recount-outcome = outcome
recount-right = { $what }: as the file says
recount-wrong = { $what }: NOT as the file says
recount-print = Print of the file (SHA-256): { $hash }

## Results
serving = Yishiting serves at { $url }, its data is in { $data }
set-up-page = There is no street yet: open { $url } to set it up.
codes-here = No SMS service is connected: sign-in codes are shown in this window.
console-message = [{ $channel } → { $to }] { $text }
how-to-stop = Stop with Ctrl-C.
stopped = Stopped.
set-up-done = Street ({ $street }) and { $community } are made. The other accounts with their one-time passwords, shown only now:
set-up-next = Sign in and change the password first. The security administrator gives offices, the system administrator opens accounts.
token-once = The token of account { $account }, shown only now:
verify-chains = Journal: { $n } entries, hash chains checked
verify-room = { $room }: { $n } records folded from the journal and compared with the tables
verify-seals = { $n } seals over { $entries } entries checked; { $waiting } wait for the next
verify-stands = Seal { $n } of earlier still stands, and everything that it covers.
receipt-holds = The receipt holds: the entry stands under seal { $n } of { $at } (China Standard Time), which covers { $entries } entries.
receipt-code = Code of the seal, to compare with the printed one: { $code }
receipt-by = Sealed with the key that you trust: { $key }
receipt-by-whom = Sealed with the key { $key }. Compare it with the published fingerprint, or give it with --key.
verify-good = All agree.
column-taken = column { $column } → { $field }
columns-left = columns not taken: { $columns }
import-preview = Preview: { $added } would be new, { $changed } changed, { $same } known. Nothing was written.
import-done = { $added } new, { $changed } changed, { $same } known.
exported = { $n } rows written to { $file }
backed-up = Backed up to { $file }: { $entries } entries, { $matters } matters. The keys are in it: keep it safe.
backed-up-keyless = Without the keys. Keep { $keys } elsewhere: nothing personal in this archive can be read without it.
archive-other-keys = The key file is that of an other store: with it nothing personal in { $file } can be read.
archive-keyless = { $file } was made without its keys: name the key file with --keys-from.
restored = Restored into { $place }: { $entries } entries, { $matters } matters. Run yishiting verify to be sure.

## Doctor
doctor-store = The store is in { $place }, { $engine }
doctor-keys = Only the owner can read the key file { $file }
doctor-keys-open = Others can read the key file { $file } (mode { $mode }): run chmod 600
doctor-disk = { $mib } MiB left on the disk
doctor-database = The database is whole
doctor-database-bad = The database is damaged: { $why }. Restore a backup.
doctor-schema = The schema is complete ({ $n } steps)
doctor-schema-bad = The schema has { $there } steps, the program needs { $known }
doctor-clock = The clock says { $at } (China Standard Time)
doctor-clock-bad = The clock is behind the newest entry of the journal ({ $at }): set the system's time
doctor-street = Street: { $name }
doctor-calendar = The holidays of { $year } are there
doctor-year = The holidays of { $year } are missing: limits count Monday to Friday. Enter them in the settings.
doctor-outbox = Outbox: { $waiting } waiting, { $dead } undeliverable
doctor-clocks = No struck clock waits
doctor-struck = { $n } struck clocks wait; while no server runs that is as it should be
doctor-passwords = Accounts that have not changed their first password: { $n }

## Demo
demo-filling = Filling the demo street { $street }: half a year of matters, one moment …
demo-progress = month { $month } · { $matters } matters
demo-filled = The demo street is there: { $matters } matters, { $entries } entries, { $seconds } s
demo-ready = Open in a browser:
demo-residents = residents
demo-staff = staff
demo-public = public
demo-accounts = Demo accounts (the password is always { $password }):
demo-account-file = the whole list: { $file }
demo-fiction = Street, communities, names, telephones and matters are all fictional.
keys-rotated = Key { $key } is in use; { $n } values sealed anew
keys-needed = { $n } values still need an old key: run keys rotate first
keys-retired = { $n } old keys taken out
