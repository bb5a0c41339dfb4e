## Checking a receipt
receipt-title = Check a receipt
receipt-lead = Once what you raised is recorded, nobody can quietly change it. Enter the receipt code and see at once whether it still stands.
the-code = Receipt code
code-hint = It stands on your slip: digits and letters. The first 16 are enough; spaces do not matter.
check-it = Check
another = Check another one
unknown = No record has this receipt code
unknown-next = Compare it with your slip. If every character is right, take the slip to the community or call the street: the record may have been removed.
altered = This record does not agree with the receipt
altered-next = What the record says was changed. Take your slip to the community or the street and ask for the reason.
recorded = Recorded at { $at }
soon = Not sealed yet; it will be sealed within { $minutes } minutes. Check again then, and the receipt can be downloaded.
stands = The record stands and was not changed
stands-text = Recorded at { $at }, sealed at { $sealed }.
own-good = Your browser has computed it too: the proof holds, the signature is right.
own-half = Your browser has computed it too: the proof holds. (This browser cannot check the signature.)
own-bad = Your browser has computed it too, and it does not agree. Keep this page and ask the community or the street.
recorded-at = Recorded
sealed-at = Sealed
seal-number = Seal
number-n = No. { $n }
get-file = Download the receipt
how-title = Why this can be trusted
how-text = All records are sealed every 5 minutes; each seal gives a code that every earlier record goes into. The code of each day is published and put up on paper: change any old record, and the codes no longer agree. The receipt is yours to keep and can be checked without us.
to-seals = The seals of every day

## Daily seals
seals-title = Daily seals
seals-lead = The last seal of each day is published here. Print it for the notice board: later it proves that the record was not changed.
waiting-n = { $n } new records wait for their seal; they get it within { $minutes } minutes.
days = The seals of the days
so-far = (so far)
entries-n = { $n } records
no-seals = Nothing has been sealed yet
no-seals-text = The first seal is made within { $minutes } minutes of the first record.
the-key = Fingerprint of the sealing key
key-text = Every seal is signed with this key. Use it to tell that a receipt was sealed by us.

## A paper for the notice board
paper-title = Daily seal
paper-lead = Every record up to this moment goes into the seal code below.
paper-scan = Scan for the page
paper-day = Day
paper-entries = Records
seal-code = Seal code
paper-head = Tree head
paper-key = Key fingerprint
paper-keep = Keep this paper. If any record is ever changed, removed or added to the past, the code that comes out is no longer the one on this paper.
paper-check = To check:

## Refusals
refusal-bad-code = A receipt code is 16 to 64 digits and letters a–f
    .next = Enter the receipt code as it stands on the slip, at least the first 16 characters.
refusal-no-entry = No record has this receipt code
    .next = Compare it with your slip.
refusal-not-sealed = This record is not sealed yet
    .next = It will be within { $minutes } minutes; please come back then.
refusal-no-seal = There is no seal with this number
    .next = Look for it in the list of daily seals.
refusal-not-earlier = The seal to compare with must be an earlier one
    .next = Take a smaller number.
refusal-bad-limit = The number per page must be between 1 and 200
