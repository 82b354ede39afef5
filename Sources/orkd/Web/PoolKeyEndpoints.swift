import HTTPTypes
import Hummingbird
import NIOCore
import ORKit

/// S0's and S4's routes about the pool's keys (KP-01, KP-04 to KP-07).
struct PoolKeyEndpoints: Sendable {
    let services: WebServices

    func list(_ call: WebCall) async throws -> WebValue {
        var keys: [KeyView] = []
        var query = KeyQuery()
        repeat {
            let page = try await services.keys.list(query)
            keys += page.items
            query.page.cursor = page.next
        } while query.page.cursor != nil
        return ["keys": .list(keys.map(WebValue.poolKey)), "total": .number(Int64(keys.count))]
    }

    /// `POST /admin/api/openrouter-keys`.
    private struct Add: Decodable {
        var apiKey: String
        var name: String?

        enum CodingKeys: String, CodingKey {
            case name
            case apiKey = "api_key"
        }
    }

    /// A key that is out comes back; one that is in is refused (K-09).
    func add(_ call: WebCall) async throws -> WebValue {
        let body: Add = try await call.body()
        let change = try await add(body.apiKey, body.name, call)
        guard change.changed else {
            throw CodedError(
                .badValue, "this key is in the pool already, as “\(change.item.name)”", hints: [])
        }
        return Self.answer(change)
    }

    /// `POST /admin/keys`.
    private struct Key: Decodable {
        var key: String
    }

    /// The same in S4's words; one that is in stays as it is.
    func addByKey(_ call: WebCall) async throws -> WebValue {
        let body: Key = try await call.body()
        return Self.answer(try await add(body.key, nil, call))
    }

    private func add(_ secret: String, _ name: String?, _ call: WebCall) async throws -> Change<KeyView> {
        let request = KeyAdd(name: name ?? "key-\(Digest.of(Secret(secret.utf8)).short)", secret: secret)
        do {
            guard let change = try await services.keys.add(request, call.order).items.first else {
                throw CodedError(.internalError)
            }
            return change
        } catch let refusal as CodedError where refusal.code == .keyRejected {
            // To a caller of the proxy this is our trouble; here it is the caller's.
            throw CodedError(.badValue, refusal.message, hints: [])
        }
    }

    private static func answer(_ change: Change<KeyView>) -> WebValue {
        [
            "status": "success", "message": .text("the key is \(change.outcome)"),
            "key_hash": .text(change.item.fingerprint), "name": .text(change.item.name),
        ]
    }

    func remove(_ call: WebCall) async throws -> WebValue {
        let changes = try await services.keys.remove(
            Selection(select: [try call.subject(.keyNotFound)]), call.order)
        return [
            "status": "success", "message": "the key is gone",
            "key_hash": WebValue(changes.items.first?.item.fingerprint),
        ]
    }

    /// A text of one key a line, as it is or as the file of a form.
    func bulkImport(_ call: WebCall) async throws -> WebValue {
        let text = try UploadedFile.text(
            of: try await call.bytes(), contentType: call.request.headers[.contentType])
        let session = try await services.keys.beginImport(ImportOptions(format: .lines), call.order)
        do {
            var rejections = try await session.take(ByteBuffer(bytes: text))
            let (rest, report) = try await session.finish()
            rejections += rest
            let counts = report.counts
            return [
                "total_keys": .number(
                    Int64(counts.added + counts.reactivated + counts.duplicates + counts.rejected)),
                "successful_imports": .number(Int64(counts.added)),
                "failed_imports": .number(Int64(rejections.count)),
                "duplicates": .number(Int64(counts.duplicates)),
                "errors": .list(rejections.map { .text("line \($0.line): \($0.code.entry.title)") }),
                "imported_hashes": WebValue(report.fingerprints),
            ]
        } catch {
            await session.abandon()
            throw error
        }
    }
}

extension WebValue {
    fileprivate static func poolKey(_ key: KeyView) -> WebValue {
        [
            "key_hash": .text(key.fingerprint), "name": .text(key.name), "api_key": .text(key.masked),
            "added_at": .time(key.addedAt), "is_active": .flag(key.enabled && key.state != .invalid),
            "is_healthy": .flag(key.state == .usable), "state": .text(key.state.rawValue),
            "failure_count": .number(key.counters.consecutiveFailures),
            "usage_count": .number(key.counters.attempts), "last_used": .time(key.lastUsedAt),
            "last_error": WebValue(key.lastError), "rate_limit_reset": .time(key.until),
        ]
    }
}

extension WebCall {
    /// What the path names: a name, an id or the beginning of a fingerprint,
    /// never a pattern that could mean several.
    func subject(_ unknown: ErrorCode) throws -> String {
        guard let text = context.parameters.get("hash"), PlainText.isName(text) else {
            throw CodedError(unknown)
        }
        return text
    }
}
