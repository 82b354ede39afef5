import Hummingbird
import ORKit

// What routes that change a user's own things need of their calls.

extension WebCall {
    /// The caller, if no list, end or cap binds it: one that was bound could
    /// otherwise give itself a key that is not.
    func unboundClient() throws -> ClientEntry {
        let client = try client()
        guard client.expiresAt == nil, client.rules?.isBound != true else {
            throw CodedError(
                .pathNotPermitted, "a key with an end, a cap or an allow list makes and changes no keys",
                hints: [])
        }
        return client
    }

    /// The number in the path.
    func keyID() throws -> ClientID {
        guard let id = context.parameters.get("key_id").flatMap({ Int64($0) }) else {
            throw CodedError(.clientNotFound, "there is no such key", hints: [])
        }
        return ClientID(id)
    }

    /// The members of a body that is an object, each once and known.
    func members(_ known: Set<String>) async throws -> [(name: String, value: JSONValue)] {
        guard case .object(let members)? = JSONValue(try await bytes()) else { throw CodedError(.badBody) }
        for member in members where !known.contains(member.name) {
            throw CodedError(.unknownField, "unknown field “\(member.name.shownInMessage)”", hints: [])
        }
        guard Set(members.map(\.name)).count == members.count else {
            throw CodedError(.badValue, "a field is there twice", hints: [])
        }
        return members.map { ($0.name, $0.value) }
    }

    private struct Confirmation: Decodable {
        var confirmation: String
    }

    /// - Throws: unless the body says that this is meant.
    func confirm(_ word: String) async throws {
        let body: Confirmation = try await body()
        guard body.confirmation == word else {
            throw CodedError(.badValue, "confirmation must be \(word)", hints: [])
        }
    }
}

extension ClientRules {
    /// More than by the trial of its user.
    fileprivate var isBound: Bool {
        models != nil || endpoints != nil || addresses != nil || referrers != nil || cap != nil
    }
}
