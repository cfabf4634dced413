-- A factory that makes products, and how orders are sent to it.
CREATE TABLE factory (
    -- The id that the factory uses for itself, sent with each order, such as FF-500293.
    id VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Display name.
    name VARCHAR(200) NOT NULL,
    -- Base URL, to which /api/manufactures is appended. A function sends an order only to a host that its deployment allows.
    url VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Where the URL is reached: on the Internet, or in a network to which the VPC has a route.
    network ENUM ('public', 'private') NOT NULL DEFAULT 'public',
    -- Seconds from an order to its arrival, as the factory promises.
    lead_time_seconds INT UNSIGNED NOT NULL DEFAULT 40,
    -- Whom to ask about an order. NULL if nobody is named.
    contact VARCHAR(200) NULL,
    -- Name of the secret in Secrets Manager with the header that the factory requires. NULL if it requires none.
    secret VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL,
    PRIMARY KEY (id),
    -- The domain type FactoryId. A CHECK of this kind lets the table hold exactly the values that the type allows, so that
    -- no function meets a value that it cannot read.
    CONSTRAINT factory_id_form CHECK (id <> '' AND id NOT REGEXP '[^A-Z0-9-]'),
    -- The domain type FactoryUrl, which also refuses a port or an address that can be written in another way.
    CONSTRAINT factory_url_form CHECK (
        url REGEXP '^https?://[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(/[A-Za-z0-9._~-]+)*$'
        AND url NOT REGEXP '[^!-~]'
    ),
    -- The domain types LeadTime and SecretName.
    CONSTRAINT factory_lead_time_in_range CHECK (lead_time_seconds BETWEEN 1 AND 2592000),
    CONSTRAINT factory_secret_form CHECK (secret <> '' AND secret NOT REGEXP '[^A-Za-z0-9/_.-]')
);
