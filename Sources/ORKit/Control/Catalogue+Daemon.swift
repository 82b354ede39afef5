// The daemon's own condition: why it does not serve, or does not start.

extension CatalogueEntry {
    static let draining = CatalogueEntry(
        "the daemon is finishing its requests and takes no new ones", scope: .daemon, status: 503, exit: 75,
        text:
            "An operator or a stop signal asked for it. Requests that run are finished; new ones are refused.",
        hints: ["see what still runs:   orkctl status", "take requests again:   orkctl daemon resume"])

    static let overloaded = CatalogueEntry(
        "the daemon is at its limit", scope: .daemon, status: 503, exit: 75,
        text: """
            Memory for kept bodies, connections or descriptors is used up. New requests are refused so that the \
            running ones finish. Try again a little later.
            """,
        hints: ["see the load:   orkctl status"])

    static let journalBehind = CatalogueEntry(
        "records cannot be written as fast as they come", scope: .daemon, status: 503, exit: 75,
        text: """
            The queue in front of the database is full. The disk is slow or the load is above what it can keep; \
            records are counted when they are dropped, never lost silently.
            """,
        hints: ["see how far behind:   orkctl status"])

    static let storageUnavailable = CatalogueEntry(
        "the database cannot be written", scope: .daemon, status: 503, exit: 75,
        text: """
            The disk is full, read-only or failing. Nothing that has to be remembered is accepted until writing \
            works again, which needs no restart when space is the cause.
            """,
        hints: ["see the path:   orkctl status", "see the space:   df -h"])

    static let databaseNewer = CatalogueEntry(
        "the database was written by a newer release", scope: .daemon, status: 500, exit: 78,
        text: """
            Its schema is newer than this program knows. It was not touched. Install the newer release again, or go \
            back to the copy that was made before the upgrade.
            """)

    static let databaseForeign = CatalogueEntry(
        "the file is not a database of ork", scope: .daemon, status: 500, exit: 78,
        text: "The file is another program's, or no database at all. It was not touched. Correct the path.",
        hints: ["see the setting:   orkd --check"])

    static let databaseCorrupt = CatalogueEntry(
        "the database is damaged", scope: .daemon, status: 500, exit: 78,
        text: """
            SQLite found the file malformed. It was not changed. Keep a copy, then restore a backup or recover with \
            sqlite3's .recover.
            """)

    static let masterKeyMissing = CatalogueEntry(
        "the database holds sealed keys and there is no master key to open them", scope: .daemon, status: 500,
        exit: 78,
        text: """
            A master key is created only for a database without sealed keys, because a new one would make the old \
            keys unreadable for ever. Put the old master key back in its place.
            """)

    static let masterKeyWrong = CatalogueEntry(
        "the master key does not open this database", scope: .daemon, status: 500, exit: 78,
        text:
            "The sealed keys were sealed with another master key. Nothing was changed. Put the right one in place."
    )

    static let configInvalid = CatalogueEntry(
        "the configuration is not valid", scope: .daemon, status: 400, exit: 78,
        text: """
            A setting is unknown, has a value that it cannot have, or contradicts another. Every error is listed \
            with line and column; nothing was applied.
            """,
        hints: ["check a file:   orkctl config check FILE"])

    static let certificateInvalid = CatalogueEntry(
        "the certificate of the data port cannot be used", scope: .daemon, status: 500, exit: 78,
        text: """
            The file or its key is missing, is not PEM, does not fit the other, or is over. A daemon that runs keeps \
            the certificate it has; one that starts does not start.
            """,
        hints: [
            "see what is in it:   openssl x509 -noout -subject -dates -in FILE",
            "take over a renewed one:   systemctl reload orkd",
        ])

    static let addressInUse = CatalogueEntry(
        "the address is taken by another program", scope: .daemon, status: 500, exit: 75,
        text: "Another process listens on this address already. Stop it, or choose another address.",
        hints: ["see who it is:   ss -ltnp"])

    static let alreadyRunning = CatalogueEntry(
        "another orkd runs with this directory", scope: .daemon, status: 500, exit: 75,
        text:
            "The lock file is held by a living daemon, which is not disturbed. Stop it first, or use another directory.",
        hints: ["see it:   orkctl status"])

    static let socketPathTooLong = CatalogueEntry(
        "the path of the control socket is too long", scope: .daemon, status: 500, exit: 78,
        text: "The system allows 107 bytes for the path of a Unix socket. Choose a shorter directory.")

    static let directoryUnsafe = CatalogueEntry(
        "a directory can be changed by others", scope: .daemon, status: 500, exit: 78,
        text: """
            The directory belongs to somebody else or can be written by others, who could replace the files in it. \
            Give it to the daemon's user and take the rights of others away.
            """)

    static let fileUnsafe = CatalogueEntry(
        "a secret file can be read or changed by others", scope: .daemon, status: 500, exit: 78,
        text: "A file that holds a secret must belong to the daemon's user and be closed to everybody else.")

    static let internalError = CatalogueEntry(
        "this is a defect of ork", scope: .daemon, status: 500, exit: 70,
        text: """
            Something happened that the program did not expect. Nothing was changed by the failed step. Please \
            report it with the message and the version.
            """,
        hints: ["see the version:   orkctl version"])
}
