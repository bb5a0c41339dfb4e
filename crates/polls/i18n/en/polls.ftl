polls = polls
