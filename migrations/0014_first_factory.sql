-- The factory that makes the first product. No host has the name factory.invalid, and no function sends an order there. The
-- deployment replaces this URL by its own, once: see `locate_first_factory` in crates/warehouse.
INSERT INTO factory (id, name, url) VALUES ('FF-500293', 'Factory-States', 'https://factory.invalid');
