-- Matters of one kind at one place (raised again?) and in one community (who led them?).
DROP INDEX matter_place;
CREATE INDEX matter_place ON matter (street, place, category, raised_at);
CREATE INDEX matter_kind ON matter (street, community, category, raised_at);
-- Everything of a matter that figures ask, beside one another: counting a year reads this and not the wide rows.
CREATE INDEX matter_figures ON matter (street, id, raised_at, closed_at, place, community, imported, status, is_open, tier, category,
  channel, outcome, round, voices, suspended, suspended_since, waiting, due_at, accept_by, accepted_at, lead, reply_minutes);
-- Rounds that were handled lately.
CREATE INDEX matter_round_handled ON matter_round (street, handled_at);
