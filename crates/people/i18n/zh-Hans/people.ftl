# people
sms-code = { $code } { $minutes }
