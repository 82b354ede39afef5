internal import GRDB
import ORKit

/// Names of the clients, users and keys that some requests were about, of the living
/// and of the removed.
struct RequestNames: Sendable {
    /// The caller in open mode.
    static let anonymous = "anonymous"

    private let clients: [Int64: String]
    private let users: [Int64: String]
    private let keys: [Int64: String]

    init(of records: [RequestRecord], _ db: Database) throws {
        clients = try Tombstones.names(.client, Set(records.map(\.client.raw)), db)
        users = try Tombstones.names(.user, Set(records.map(\.user.raw)), db)
        keys = try Tombstones.names(.key, Set(records.flatMap { $0.attempts.map(\.key.raw) }), db)
    }

    subscript(client: ClientID) -> String {
        client == .anonymous ? Self.anonymous : clients[client.raw] ?? "#\(client.raw)"
    }

    /// Nil: nobody's.
    subscript(user: UserID) -> String? {
        user == .house ? nil : users[user.raw] ?? "#\(user.raw)"
    }

    subscript(key: KeyID) -> String { keys[key.raw] ?? "#\(key.raw)" }
}

extension RequestRecord {
    func view(_ names: RequestNames) -> RequestView {
        var view = RequestView(
            id: id.description, startedAt: WallTime(milliseconds: id.wallMilliseconds).rfc3339,
            client: names[client], clientID: client, method: method.name, path: path, model: model,
            stream: stream,
            status: Int(status), code: code, end: end.name, attempts: attempts.map { $0.view(names) },
            bytesIn: bytesIn, bytesOut: bytesOut,
            firstByteMilliseconds: firstByteMicroseconds.map(milliseconds),
            milliseconds: milliseconds(microseconds), usage: UsageView(usage, quality: quality),
            generation: generation)
        view.user = names[user]
        view.userID = user == .house ? nil : user
        if let candidates, !candidates.isPlain {
            view.candidates = Dictionary(
                uniqueKeysWithValues: Census.Part.allCases.map { ($0.rawValue, Int(candidates[$0])) })
        }
        view.queuePosition = queue?.position
        view.queuedMilliseconds = queue?.milliseconds
        return view
    }
}

extension AttemptRecord {
    fileprivate func view(_ names: RequestNames) -> AttemptView {
        AttemptView(
            key: names[key], keyID: key, chosen: choice.name, usable: usable, total: total,
            status: status == 0 ? nil : Int(status), cause: verdict.cause.name,
            // A good answer proves nothing about anybody.
            scope: verdict.cause == .ok ? nil : verdict.scope, rule: verdict.rule,
            evidence: verdict.evidence.isEmpty ? nil : verdict.evidence, until: verdict.statedUntil?.rfc3339,
            startedMilliseconds: milliseconds(startedMicroseconds), milliseconds: milliseconds(microseconds))
    }
}

private func milliseconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1000 }
