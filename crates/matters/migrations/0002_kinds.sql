-- Matters of one kind at one place (raised again?) and in one community (who led them?).
DROP INDEX matter_place;
CREATE INDEX matter_place ON matter (street, place, category, raised_at);
CREATE INDEX matter_kind ON matter (street, community, category, raised_at);
