internal import ArgumentParser
internal import ORKClient
internal import ORKit

/// Names for the shell, asked of the daemon while a person waits: quickly,
/// once, and without a word when it does not work.
enum Completions {
    static let keys = CompletionKind.custom { words, _, prefix in
        names(of: .keysList, words, prefix) { (row: KeyView) in row.name }
    }

    static let clients = CompletionKind.custom { words, _, prefix in
        names(of: .clientsList, words, prefix) { (row: ClientView) in row.name }
    }

    static let codes = CompletionKind.list(ErrorCode.allCases.map(\.rawValue))

    private static func names<Row: Codable & Sendable>(
        of route: Route, _ words: [String], _ prefix: String, _ name: (Row) -> String
    ) -> [String] {
        let option = words.firstIndex(of: "--socket").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        let client = ControlClient(socket: SocketPath.find(option), timeout: .milliseconds(200))
        let query =
            [QueryItem("limit", "200")] + (route == .keysList ? [QueryItem("name", prefix + "*")] : [])
        guard let page = try? client.get(route, query: query, as: ListEnvelope<Row>.self) else { return [] }
        return page.items.map(name).filter { $0.hasPrefix(prefix) }
    }
}
