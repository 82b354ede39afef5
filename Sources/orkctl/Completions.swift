internal import ArgumentParser
internal import ORKClient
internal import ORKit

/// Words for bash, zsh, fish and our own shell, asked of the daemon while a
/// person waits: quickly, once, and without a word when it does not work.
enum Completions {
    static let keys = CompletionKind.custom { words, _, prefix in
        keyWords(words, prefix) { [$0.name] }
    }

    static let keysAndStates = CompletionKind.custom { words, _, prefix in
        chosen(KeysSetState.states.map(\.rawValue), prefix) + keyWords(words, prefix) { [$0.name] }
    }

    /// Ids, and the names that operators gave.
    static let accounts = CompletionKind.custom { words, _, prefix in accountWords(words, prefix) }

    static let providers = CompletionKind.custom { words, _, prefix in
        keyWords(words, prefix, named: false) { [$0.provider] }
    }

    static let clients = CompletionKind.custom { words, _, prefix in clientWords(words, prefix) }

    static let users = CompletionKind.custom { words, _, prefix in
        let rows: [UserView] = rows(of: .usersList, words, [])
        return chosen(rows.map(\.name), prefix)
    }

    static let budgets = CompletionKind.custom { words, _, prefix in
        let rows: [BudgetView] = rows(of: .budgetsList, words, [], limited: false)
        return chosen(rows.map(\.name), prefix)
    }

    static let permissions = CompletionKind.list(Permissions.words)

    static let pools = CompletionKind.custom { words, _, prefix in
        let rows: [PoolView] = rows(of: .poolsList, words, [], limited: false)
        return chosen(rows.map(\.name), prefix)
    }

    static let models = CompletionKind.custom { words, _, prefix in
        let rows: [ModelOfferView] = rows(of: .modelsList, words, [QueryItem("match", prefix + "*")])
        return chosen(rows.map(\.id), prefix)
    }

    static let modelProviders = CompletionKind.custom { words, _, prefix in
        let rows: [ModelProviderView] = rows(of: .modelsProviders, words, [], limited: false)
        return chosen(rows.map(\.name), prefix)
    }

    /// The next aim after a comma.
    static let objectives = CompletionKind.custom { _, _, prefix in
        let front = prefix.lastIndex(of: ",").map { String(prefix[...$0]) } ?? ""
        return chosen(Objective.Aim.allCases.map { front + $0.rawValue }, prefix)
    }

    static let codes = CompletionKind.list(ErrorCode.allCases.map(\.rawValue))

    /// Columns of whatever the command lists, several with commas.
    static let columns = CompletionKind.custom { words, _, prefix in
        let front = prefix.lastIndex(of: ",").map { String(prefix[...$0]) } ?? ""
        return chosen(columnNames(of: words).map { front + $0 }, prefix)
    }

    static let sorts = CompletionKind.custom { words, _, prefix in
        chosen(columnNames(of: words).flatMap { [$0, "-" + $0] }, prefix)
    }

    /// A column, and after the `=` its values where they are known.
    static let filters = CompletionKind.custom { words, _, prefix in
        guard let equals = prefix.firstIndex(of: "=") else {
            return chosen(columnNames(of: words).map { $0 + "=" }, prefix)
        }
        let column = String(prefix[..<equals])
        let value = String(prefix[prefix.index(after: equals)...])
        return values(of: column, words, value).map { "\(column)=\($0)" }
    }

    private static func values(of column: String, _ words: [String], _ prefix: String) -> [String] {
        switch (column, noun(of: words)) {
        case ("state", "keys"): chosen(KeyState.allCases.map(\.rawValue), prefix)
        case ("state", "clients"): chosen(["usable", "disabled", "expired"], prefix)
        case ("kind", "events"): chosen(EventRecord.kinds, prefix)
        case ("severity", "events"): chosen(EventRecord.severities, prefix)
        case ("scope", "events"): chosen(FailureScope.allCases.map(\.rawValue), prefix)
        case ("cause", "events"): chosen(Cause.allCases.map(\.name), prefix)
        case ("code", _): chosen(ErrorCode.allCases.map(\.rawValue), prefix)
        case ("capacity", _): chosen(Capacity.allCases.map(\.rawValue), prefix)
        case ("name", "keys"), ("name", "quota"), ("key", _): keyWords(words, prefix) { [$0.name] }
        case ("name", "clients"), ("client", _): clientWords(words, prefix)
        case ("account", _): accountWords(words, prefix)
        default: []
        }
    }

    private static func columnNames(of words: [String]) -> [String] {
        switch noun(of: words) {
        case "keys" where words.contains("history"): Listing.history.columns.map(\.name)
        case "keys": Listing.keys.columns.map(\.name)
        case "clients": Listing.clients.columns.map(\.name)
        case "users": Listing.users.columns.map(\.name)
        case "budgets": Listing.budgets.columns.map(\.name)
        case "pools": Listing.pools.columns.map(\.name)
        case "quota", "quotas": Listing.quotas.columns.map(\.name)
        case "models" where words.contains("providers"): Listing.modelProviders.columns.map(\.name)
        case "models": Listing.models.columns.map(\.name)
        case "accounts": Listing.accounts.columns.map(\.name)
        case "requests": Listing.requests.columns.map(\.name)
        case "events": Listing.events.columns.map(\.name)
        case "audit": Listing.audit.columns.map(\.name)
        case "config": Listing.settings.columns.map(\.name)
        default: []
        }
    }

    /// The first word of the command, wherever options stand.
    private static func noun(of words: [String]) -> String? {
        let nouns: Set = [
            "keys", "clients", "users", "pools", "accounts", "quota", "quotas", "requests", "events",
            "audit", "config", "models", "budgets",
        ]
        guard let place = words.dropFirst().firstIndex(where: nouns.contains) else { return nil }
        // `keys quota` is `quota` under another name.
        let next = place + 1 < words.count ? words[place + 1] : ""
        return words[place] == "keys" && ["quota", "quotas"].contains(next) ? "quota" : words[place]
    }

    /// - Parameter named: whether the words that are wanted are names, so that
    ///   the daemon can choose.
    private static func keyWords(
        _ words: [String], _ prefix: String, named: Bool = true, _ wanted: (KeyView) -> [String]
    ) -> [String] {
        let query = named && !Glob.isGlob(prefix) ? [QueryItem("name", prefix + "*")] : []
        let rows: [KeyView] = rows(of: .keysList, words, query)
        return chosen(rows.flatMap(wanted), prefix)
    }

    private static func clientWords(_ words: [String], _ prefix: String) -> [String] {
        let rows: [ClientView] = rows(of: .clientsList, words, [])
        return chosen(rows.map(\.name), prefix)
    }

    private static func accountWords(_ words: [String], _ prefix: String) -> [String] {
        let rows: [AccountView] = rows(of: .accountsList, words, [])
        return chosen(rows.filter(\.known).flatMap { [$0.id, $0.name].compactMap { $0 } }, prefix)
    }

    private static func rows<Row: Codable & Sendable>(
        of route: Route, _ words: [String], _ query: [QueryItem], limited: Bool = true
    ) -> [Row] {
        let option = words.firstIndex(of: "--socket").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        let joined = words.first { $0.hasPrefix("--socket=") }.map { String($0.dropFirst(9)) }
        let client = ControlClient(
            socket: SocketPath.find(option ?? joined), timeout: .milliseconds(Shell.isRunning ? 150 : 200))
        let page = try? client.get(
            route, query: (limited ? [QueryItem("limit", "200")] : []) + query, as: ListEnvelope<Row>.self)
        return page?.items ?? []
    }

    /// Those that begin so, each once. The shells expand what they are given,
    /// so only words in which there is nothing to expand, or to be seen
    /// otherwise than it is.
    private static func chosen(_ words: [String], _ prefix: String) -> [String] {
        var seen: Set<String> = []
        return words.filter { $0.hasPrefix(prefix) && isPlain($0) && seen.insert($0).inserted }
    }

    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "._-@+:=/,".utf8.contains(byte)
                }
            }
    }
}
