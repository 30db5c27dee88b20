//! The tables of a CatalogObject. `docs/storage.md` says what each column is for.

use crate::store::inbox;

/// Applied in order, each once; what is here is never changed, only added to.
pub(super) const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE about (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        client_id TEXT NOT NULL,
        generation INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE jobs (
        kind TEXT PRIMARY KEY,
        due_at INTEGER NOT NULL,
        scheduled_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        revision INTEGER NOT NULL
    );
    CREATE TABLE products (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        sku TEXT NOT NULL,
        digital INTEGER NOT NULL,
        is_visible INTEGER NOT NULL,
        variants INTEGER NOT NULL,
        words TEXT NOT NULL,
        gone_at INTEGER,
        options_read INTEGER NOT NULL DEFAULT 0,
        options_due INTEGER NOT NULL DEFAULT 1,
        modifier TEXT,
        required INTEGER NOT NULL DEFAULT 0,
        ambiguous INTEGER NOT NULL DEFAULT 0,
        revision INTEGER NOT NULL
    );
    CREATE INDEX products_by_name ON products (name COLLATE NOCASE, id) WHERE gone_at IS NULL;
    CREATE INDEX products_due ON products (id) WHERE options_due = 1 AND gone_at IS NULL;
    CREATE TABLE versions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        user_id INTEGER,
        email TEXT NOT NULL DEFAULT '',
        applied_at INTEGER,
        undone_at INTEGER,
        layer INTEGER,
        folded INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE plans (
        product_id INTEGER NOT NULL,
        version INTEGER NOT NULL,
        eligible INTEGER NOT NULL,
        options TEXT NOT NULL,
        faulty INTEGER NOT NULL DEFAULT 0,
        revision INTEGER NOT NULL,
        PRIMARY KEY (product_id, version)
    ) WITHOUT ROWID;
    CREATE INDEX plans_by_version ON plans (version, product_id);
    CREATE TABLE checks (
        version INTEGER PRIMARY KEY,
        json TEXT NOT NULL
    );
    CREATE TABLE uploads (
        version INTEGER NOT NULL,
        number INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (version, number)
    );
    CREATE TABLE wishes (
        version INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        line INTEGER NOT NULL,
        eligible INTEGER NOT NULL,
        options TEXT,
        PRIMARY KEY (version, product_id)
    ) WITHOUT ROWID;
    CREATE TABLE faults (
        id INTEGER PRIMARY KEY,
        version INTEGER NOT NULL,
        line INTEGER,
        place TEXT NOT NULL,
        product_id INTEGER,
        reason TEXT NOT NULL,
        value TEXT NOT NULL
    );
    CREATE INDEX faults_by_line ON faults (version, line, id);
    CREATE TABLE exports (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        state TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        done INTEGER NOT NULL,
        total INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        chunks INTEGER NOT NULL,
        user_id INTEGER,
        email TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        message TEXT NOT NULL
    );
    CREATE TABLE export_chunks (
        export INTEGER NOT NULL,
        number INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (export, number)
    );
    CREATE TABLE sync (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        state TEXT NOT NULL,
        kind TEXT NOT NULL,
        phase TEXT NOT NULL,
        cursor INTEGER NOT NULL,
        done INTEGER NOT NULL,
        total INTEGER NOT NULL,
        requests INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        gone INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        since INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        phase_started_at INTEGER NOT NULL,
        finished_at INTEGER,
        message TEXT NOT NULL
    );
    CREATE TABLE reading (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        read_since INTEGER NOT NULL DEFAULT 0,
        reread_cursor INTEGER NOT NULL DEFAULT 0,
        page_limit INTEGER NOT NULL DEFAULT 250,
        quota INTEGER NOT NULL DEFAULT 150,
        window_ms INTEGER NOT NULL DEFAULT 30000
    );
    INSERT INTO reading (only_row) VALUES (1);
",
    inbox::TABLE,
    // What is known was read without prices and stock: the next run reads everything again.
    "
    ALTER TABLE products ADD COLUMN sale TEXT;
    UPDATE reading SET read_since = 0;
    CREATE TABLE discontinued (
        product_id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        user_id INTEGER,
        email TEXT NOT NULL
    );
    CREATE TABLE feed_plan (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        schedule TEXT NOT NULL,
        time_zone TEXT NOT NULL,
        next_at INTEGER
    );
    CREATE TABLE feed_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, json TEXT NOT NULL);
    CREATE TABLE feed_chunks (run INTEGER NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (run, number));
    CREATE TABLE feed_changes (
        run INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (run, product_id)
    ) WITHOUT ROWID;
    CREATE TABLE feed_left_out (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        variant_id INTEGER,
        name TEXT NOT NULL,
        sku TEXT NOT NULL,
        reason TEXT NOT NULL
    );
    CREATE INDEX feed_left_out_by_run ON feed_left_out (run, id);
    CREATE TABLE feed_accepted (
        destination TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (destination, product_id)
    ) WITHOUT ROWID;
",
    "
    ALTER TABLE products ADD COLUMN categories TEXT;
    ALTER TABLE products ADD COLUMN fed TEXT;
    ALTER TABLE feed_accepted ADD COLUMN feed TEXT NOT NULL DEFAULT 'products';
    CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE product_categories (
        category_id INTEGER NOT NULL,
        product_id INTEGER NOT NULL,
        PRIMARY KEY (category_id, product_id)
    ) WITHOUT ROWID;
    CREATE INDEX product_categories_by_product ON product_categories (product_id);
",
];
