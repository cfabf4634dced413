-- The factory that makes the first product.
INSERT INTO factory (id, name) VALUES ('FF-500293', 'Factory-States');
