// Administration: refusals of the control API and of orkctl itself.

extension CatalogueEntry {
    static let keyExists = CatalogueEntry(
        "a key of this name exists with other content", scope: .key, status: 409, exit: 5,
        text:
            "Names are unique, and adding never overwrites. Rotate to replace the secret, set to change the rest.",
        hints: [
            "replace its secret:   orkctl keys rotate NAME", "change the rest:   orkctl keys set NAME --help",
        ])

    static let keyNotFound = CatalogueEntry(
        "there is no such key", scope: .key, status: 404, exit: 4,
        text:
            "No key has this name, id or fingerprint. A glob that matches nothing is not an error, a name is.",
        hints: ["see which exist:   orkctl keys list"])

    static let keyUnchecked = CatalogueEntry(
        "the key could not be checked upstream", scope: .key, status: 200, exit: 0,
        text: """
            The upstream could not be asked when the key was added, so it was added without a check. The first \
            request with it will tell.
            """,
        hints: ["check it now:   orkctl keys test NAME"])

    static let keyExpired = CatalogueEntry(
        "the key has expired", scope: .key, status: 400, exit: 65,
        text: """
            The upstream still knows the key, but the end that was set for it there has passed. It serves nobody \
            any more and does not come back, so it was not taken. If it should not have ended yet, look at this \
            machine's clock.
            """,
        hints: ["add a new one:   orkctl keys add NAME"])

    static let managementKey = CatalogueEntry(
        "this is a management key, which serves no requests", scope: .key, status: 400, exit: 65,
        text: """
            The upstream says that the key administers other keys of its account: no model answers it, and whoever \
            holds it can make and delete keys. It was not taken. Make an ordinary key at the provider, and keep \
            this one away from files of pool keys.
            """,
        hints: ["add an ordinary one:   orkctl keys add NAME"])

    static let illegalTransition = CatalogueEntry(
        "a key cannot be declared to be in this state", scope: .key, status: 409, exit: 5,
        text: """
            An operator's word makes a key usable, disabled or invalid, as far as nothing else keeps it from being \
            so. Whether it rests, is exhausted, suspect or broken is for answers, checks and time to say. Nothing \
            was changed.
            """,
        hints: [
            "see what proved its state:   orkctl keys history NAME",
            "keep it out by your own word:   orkctl keys set-state NAME disabled",
        ])

    static let clientExists = CatalogueEntry(
        "a client of this name exists with other settings", scope: .client, status: 409, exit: 5,
        text: "Names are unique, and adding never overwrites: an existing client keeps its key.",
        hints: [
            "change it:   orkctl clients set NAME --help", "give it a new key:   orkctl clients rotate NAME",
        ])

    static let clientNotFound = CatalogueEntry(
        "there is no such client", scope: .client, status: 404, exit: 4,
        text:
            "No client has this name, id or fingerprint. A glob that matches nothing is not an error, a name is.",
        hints: ["see which exist:   orkctl clients list"])

    static let userExists = CatalogueEntry(
        "a user of this name exists with other settings", scope: .client, status: 409, exit: 5,
        text: "Names are unique, and adding never overwrites.",
        hints: ["change it:   orkctl users set NAME --help"])

    static let userNotFound = CatalogueEntry(
        "there is no such user", scope: .client, status: 404, exit: 4,
        text: "No user has this name or id. A glob that matches nothing is not an error, a name is.",
        hints: ["see which exist:   orkctl users list"])

    static let budgetNotFound = CatalogueEntry(
        "there is no such budget", scope: .request, status: 404, exit: 4,
        text:
            """
            A budget is called user:NAME/PERIOD, with client, key or pool likewise, or all/PERIOD. Its number will do as \
            well.
            """,
        hints: ["see which exist:   orkctl budgets list"])

    static let poolExists = CatalogueEntry(
        "a pool of this name exists with other settings", scope: .request, status: 409, exit: 5,
        text: "Names are unique, and adding never overwrites.",
        hints: ["change it:   orkctl pools set NAME --help"])

    static let poolNotFound = CatalogueEntry(
        "there is no such pool", scope: .request, status: 404, exit: 4,
        text: "No pool has this name or id. Keys and clients that name none are in the first pool.",
        hints: ["see which exist:   orkctl pools list"])

    static let poolInUse = CatalogueEntry(
        "the pool is in use", scope: .request, status: 409, exit: 5,
        text: """
            Clients are bound to the pool, keys are in it, or another pool falls back to it. Were it removed, its \
            keys would serve everybody, and its clients would be served by others' keys. Nothing was changed.
            """,
        hints: [
            "move its clients:   orkctl clients set NAME --pool OTHER",
            "move its keys:   orkctl keys set NAME --pool OTHER",
        ])

    static let accountExists = CatalogueEntry(
        "this word stands for another account", scope: .request, status: 409, exit: 5,
        text: """
            Another account has this name or id. A name stands for one account only, because keys are put to \
            accounts by name. If both are the same account, its keys can be put to one id.
            """,
        hints: ["put keys to one account:   orkctl keys set NAME --account ID"])

    static let accountNotFound = CatalogueEntry(
        "there is no such account", scope: .request, status: 404, exit: 4,
        text: """
            No key belongs to an account of this id or name, and nothing was said about one. An account is known \
            from the first key that belongs to it: the upstream names it, or keys set --account does.
            """,
        hints: ["see which are known:   orkctl accounts list"])

    static let modelNotFound = CatalogueEntry(
        "there is no such model", scope: .request, status: 404, exit: 4,
        text: """
            The upstream's list, as it was last asked for, has no model of this id. Presets and routers' choices are \
            no models; a glob that matches nothing is not an error.
            """,
        hints: ["see which exist:   orkctl models list", "ask the upstream again:   orkctl models refresh"])

    static let requestNotFound = CatalogueEntry(
        "there is no record of this request", scope: .request, status: 404, exit: 4,
        text: """
            The id is not that of a kept request. Records are kept for a limited time and size; the id is in the \
            Ork-Request header of every answer.
            """,
        hints: ["see recent ones:   orkctl requests list"])

    static let incidentNotFound = CatalogueEntry(
        "there is no record of this incident", scope: .key, status: 404, exit: 4,
        text: """
            No verdict that is kept belongs to it. An incident is named i and a number; each verdict against a \
            key says which it is part of.
            """,
        hints: ["see them:   orkctl events --filter kind=verdict --columns at,key,event,incident,text"])

    static let codeUnknown = CatalogueEntry(
        "this is neither a request id nor a known code", scope: .request, status: 404, exit: 4,
        text: "A request id has 13 characters; codes are the words in brackets at the end of an error line.",
        hints: ["list the codes:   orkctl explain --list"])

    static let duplicate = CatalogueEntry(
        "the same key is there already", scope: .key, status: 409, exit: 5,
        text:
            "Another line or another name holds the same secret. One secret is one key, so it was not added again.",
        hints: ["see the pool:   orkctl keys list"])

    static let badFormat = CatalogueEntry(
        "this does not look like a key", scope: .request, status: 400, exit: 65,
        text: """
            The line or value does not have the form of a key: too short, too long, with white space, or not \
            printable text. Its content is never repeated in a message.
            """)

    static let badValue = CatalogueEntry(
        "a value is not valid", scope: .request, status: 400, exit: 64,
        text:
            "An option or field has a value that it cannot have. The message names it and says what is accepted."
    )

    static let unknownField = CatalogueEntry(
        "a field is not known", scope: .request, status: 400, exit: 76,
        text: """
            The daemon does not know a field that was sent, so it cannot do what was meant. orkctl is probably newer \
            than the daemon.
            """,
        hints: ["compare the releases:   orkctl version"])

    static let routeUnknown = CatalogueEntry(
        "the daemon does not know this call", scope: .request, status: 404, exit: 76,
        text: "The control API has no such path. orkctl is probably newer than the daemon.",
        hints: ["compare the releases:   orkctl version"])

    static let versionLost = CatalogueEntry(
        "somebody else changed it in the meantime", scope: .request, status: 409, exit: 5,
        text:
            "The version given with --if-version is no longer the present one. Nothing was changed. Look again, then decide.",
        hints: ["see it now:   orkctl keys show NAME"])

    static let tooMany = CatalogueEntry(
        "this would remove more than the guard allows", scope: .request, status: 409, exit: 6,
        text:
            "A rule that suddenly matches a large part is more often a mistake than a wish. Nothing was removed.",
        hints: ["look first:   orkctl keys prune --dry-run", "raise the guard:   orkctl keys prune --max N"])

    static let notConfirmed = CatalogueEntry(
        "not confirmed", scope: .request, status: 409, exit: 6,
        text: "The command needs a yes, from a person at a terminal or by --yes. Nothing was changed.",
        hints: ["see what it would do:   add --dry-run", "agree beforehand:   add --yes"])

    static let forbidden = CatalogueEntry(
        "your user may not do this", scope: .client, status: 403, exit: 77,
        text: """
            The control socket decides by the user and group of the calling process: reading needs the viewer role, \
            changing the admin role.
            """,
        hints: ["become an admin:   sudo usermod -aG orkd $USER"])

    static let protocolMismatch = CatalogueEntry(
        "orkctl and orkd do not speak the same version of the control API", scope: .daemon, status: 400,
        exit: 76,
        text: "The number in the Orkd-API header differs. Install orkctl and orkd from the same release.",
        hints: ["see the releases:   orkctl version"])

    static let secretOnArgv = CatalogueEntry(
        "a secret was given as an argument", scope: .request, status: 400, exit: 64,
        text: """
            Arguments are visible to every user of the machine in the process list and are kept in the shell's \
            history. The command stopped before doing anything; consider the secret leaked if others use this machine.
            """,
        hints: ["pass it on stdin:   orkctl keys add NAME < FILE"])

    static let secretWouldBeLost = CatalogueEntry(
        "the new key would be shown nowhere", scope: .request, status: 400, exit: 64,
        text: """
            A client key is shown once, when it is issued. Without a terminal it must be asked for, so nothing was \
            created.
            """,
        hints: ["write it to a file:   add --secret-file PATH", "print it alone:   add -q"])

    static let daemonAbsent = CatalogueEntry(
        "no daemon answers at the control socket", scope: .daemon, status: 503, exit: 69,
        text: """
            There is no socket, or nobody listens on it. The daemon is not started, or it was told to use another \
            path.
            """,
        hints: ["start it:   sudo systemctl start orkd", "name its socket:   orkctl --socket PATH status"])

    static let timedOut = CatalogueEntry(
        "the daemon did not answer in time", scope: .daemon, status: 504, exit: 75,
        text: "The command's own deadline passed. What was asked may still be done; repeating it is safe.",
        hints: ["wait longer:   add --timeout 60s"])

    static let usage = CatalogueEntry(
        "the command line is not right", scope: .request, status: 400, exit: 64,
        text: "An option, value or argument is missing, unknown, or contradicts another. Nothing was done.",
        hints: ["read about it:   orkctl help"])

    static let inputUnreadable = CatalogueEntry(
        "the input cannot be read", scope: .request, status: 400, exit: 66,
        text: "The file does not exist, may not be read, or is not text. Nothing was done.")

    static let cannotCreate = CatalogueEntry(
        "a file cannot be created", scope: .request, status: 400, exit: 73,
        text: """
            The file exists already and is never overwritten, or its directory is missing or cannot be written. \
            Nothing was done.
            """)

    static let outputFailed = CatalogueEntry(
        "the output cannot be written", scope: .request, status: 500, exit: 74,
        text: "The disk is full or failing, or what reads the output reported an error.",
        hints: ["see the space:   df -h"])

    static let interrupted = CatalogueEntry(
        "interrupted by a signal", scope: .request, status: 499, exit: 130,
        text:
            "The command was stopped by a signal. What had been answered by then is done; repeating it is safe."
    )
}
