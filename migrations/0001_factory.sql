-- Who makes the goods. Where a factory is reached is configuration, not data: it differs between
-- deployments of the same shop.
CREATE TABLE factory (
    -- The factory's own name for itself, sent with every order: FF-500293.
    id VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- For people.
    name VARCHAR(200) NOT NULL,
    PRIMARY KEY (id)
);
