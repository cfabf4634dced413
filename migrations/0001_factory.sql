-- A factory that makes products. Its URL is not stored here: it is configuration, since it differs between deployments.
CREATE TABLE factory (
    -- The id that the factory uses for itself, sent with each order, such as FF-500293.
    id VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Display name.
    name VARCHAR(200) NOT NULL,
    PRIMARY KEY (id),
    -- The domain type FactoryId. A CHECK of this kind lets the table hold exactly the values that the type allows, so that
    -- no function meets a value that it cannot read.
    CONSTRAINT factory_id_form CHECK (id <> '' AND id NOT REGEXP '[^A-Z0-9-]')
);
