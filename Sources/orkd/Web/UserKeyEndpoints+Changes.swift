import ORKit

// A user's own client keys, made, changed and taken away by itself.

extension UserKeyEndpoints {
    /// `POST /user/api-keys`.
    private struct Create: Decodable {
        var keyName: String
        var environmentTag: String?
        var scopePermissions: [String: [String]]?
        var expirationDays: Int64?
        var maxRequests: Int64?
        var addresses: [String]?
        var referrers: [String]?
        var action: String?

        enum CodingKeys: String, CodingKey {
            case action
            case keyName = "key_name"
            case environmentTag = "environment_tag"
            case scopePermissions = "scope_permissions"
            case expirationDays = "expiration_days"
            case maxRequests = "max_requests"
            case addresses = "ip_allowlist"
            case referrers = "domain_referrers"
        }
    }

    func create(_ call: WebCall) async throws -> WebValue {
        let client = try call.unboundClient()
        let body: Create = try await call.body()
        guard body.action == nil || body.action == "create" else {
            throw CodedError(.badValue, "action can only be create", hints: [])
        }
        var request = ClientAdd(name: "")
        request.environment = try OwnKeyFields.environment(body.environmentTag ?? "live")
        request.permissions = try OwnKeyFields.permissions(body.scopePermissions ?? [:], within: client).names
        request.expires = try body.expirationDays.map(OwnKeyFields.days)
        request.maxRequests = body.maxRequests
        request.addresses = body.addresses
        request.referrers = body.referrers
        request.pool = String(client.pool.raw)
        let name = try OwnKeyFields.name(body.keyName)
        let made = try await services.clients.addOwn(request, called: name, of: client.user, call.order)
        guard let key = made.items.first?.item else { throw CodedError(.internalError) }
        return [
            "status": "success", "message": "the key was made; it is shown this once",
            "api_key": WebValue(key.secret), "key_id": .number(key.id.raw), "key_name": .text(name),
            "environment_tag": .text(key.environmentTag),
        ]
    }

    /// `PUT /user/api-keys/{key_id}`.
    private struct Update: Decodable {
        var keyName: String?
        var scopePermissions: [String: [String]]?
        var expirationDays: Int64?
        var maxRequests: Int64?
        var addresses: [String]?
        var referrers: [String]?
        var isActive: Bool?

        enum CodingKeys: String, CodingKey {
            case keyName = "key_name"
            case scopePermissions = "scope_permissions"
            case expirationDays = "expiration_days"
            case maxRequests = "max_requests"
            case addresses = "ip_allowlist"
            case referrers = "domain_referrers"
            case isActive = "is_active"
        }
    }

    func update(_ call: WebCall) async throws -> WebValue {
        let client = try call.unboundClient()
        let body: Update = try await call.body()
        var change = OwnKeyChange(isActive: body.isActive)
        change.keyName = try body.keyName.map(OwnKeyFields.name)
        if let scopes = body.scopePermissions {
            change.fields.permissions = try OwnKeyFields.permissions(scopes, within: client).names
        }
        change.fields.expires = try body.expirationDays.map { .value(try OwnKeyFields.days($0)) }
        change.fields.maxRequests = body.maxRequests.map { .value($0) }
        change.fields.addresses = body.addresses
        change.fields.referrers = body.referrers
        let changed = try await services.clients.setOwn(
            try call.keyID(), change, of: client.user, call.order)
        guard let key = changed.items.first?.item else { throw CodedError(.internalError) }
        return [
            "status": "success",
            "message": .text(changed.items[0].changed ? "the key was changed" : "nothing was to be changed"),
            "updated_key": .key(key, at: call.now), "timestamp": call.timestamp,
        ]
    }

    func delete(_ call: WebCall) async throws -> WebValue {
        let client = try call.client()
        try await call.confirm("DELETE_KEY")
        let id = try call.keyID()
        _ = try await services.clients.removeOwn(id, of: client.user, call.order)
        return [
            "status": "success", "message": "the key is gone", "deleted_key_id": .number(id.raw),
            "timestamp": call.timestamp,
        ]
    }
}

/// What users may say of their own keys.
enum OwnKeyFields {
    static func name(_ text: String) throws -> String {
        guard PlainText.isLine(text, upTo: 64), !KeyFields.looksSecret(text) else {
            throw CodedError(.badValue, "key_name must be 1 to 64 printable characters", hints: [])
        }
        return text
    }

    static func environment(_ tag: String) throws -> String {
        guard ["live", "test", "staging", "development"].contains(tag) else {
            throw CodedError(
                .badValue, "environment_tag must be one of: live, test, staging, development", hints: [])
        }
        return tag == "development" ? "dev" : tag
    }

    static func days(_ number: Int64) throws -> String {
        guard (1...3650).contains(number) else {
            throw CodedError(.badValue, "expiration_days must be 1 to 3650", hints: [])
        }
        return "\(number)d"
    }

    /// No key gives what it has not itself.
    static func permissions(_ scopes: [String: [String]], within client: ClientEntry) throws -> Permissions {
        guard let permissions = Permissions(scopes: scopes) else {
            throw CodedError(.badValue, "scope_permissions names something that is not known", hints: [])
        }
        let isStandard = scopes.allSatisfy { $0.value.isEmpty }
        let granted = isStandard ? permissions.intersection(client.permissions) : permissions
        guard !granted.isEmpty, client.permissions.isSuperset(of: granted) else {
            throw CodedError(.pathNotPermitted, "a key gives no permission that it has not itself", hints: [])
        }
        return granted
    }
}
