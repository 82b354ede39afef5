internal import ORKit

/// Hands over a client key that has just been issued: the one time it is seen.
struct IssuedKey {
    private let place: SecretPlace
    private let verb: String

    init(_ place: SecretPlace, verb: String) {
        self.place = place
        self.verb = verb
    }

    /// - Parameter listener: asked for only when a person reads the result.
    func print(
        _ answer: ChangeEnvelope<ClientView>, _ session: Session, listener: () -> String? = { nil }
    ) throws {
        var answer = answer
        var path: String?
        if case .file(let file) = place {
            let secrets = answer.items.compactMap(\.item.secret)
            if !secrets.isEmpty {
                try file.write(Array(secrets.map { $0 + "\n" }.joined().utf8))
                try file.keep()
                path = file.path
            }
            // What is in the file is nowhere else.
            for index in answer.items.indices { answer.items[index].item.secret = nil }
        }
        if session.format.isTable, session.globals.quiet {
            for change in answer.items {
                if let secret = change.item.secret { try session.out.write(secret + "\n") }
            }
            answer.warnings.forEach(session.diagnostics.warn)
            return
        }
        let verb = verb
        let location = path.map { "   key in \($0)" } ?? ""
        let report = ChangeReport.clients.saying { change, _ in
            guard change.changed else { return "\(change.item.name) \(change.outcome)" }
            let expires = change.item.expiresAt.map { "   expires \($0)" } ?? ""
            return "\(verb) \(change.item.name)\(expires)\(location)"
        }
        try report.print(answer, session)
        guard session.format.isTable else { return }
        for change in answer.items {
            guard let secret = change.item.secret else { continue }
            if let address = listener() {
                try session.out.write("  base URL   \(Escaped.line(Self.url(address)))/v1\n")
            }
            try session.out.write("  key        \(Escaped.line(secret))   ← shown only now\n")
        }
    }

    private static func url(_ listener: String) -> String {
        listener.contains("://") ? listener : "http://" + listener
    }
}
