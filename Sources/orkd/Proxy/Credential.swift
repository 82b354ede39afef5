import NIOCore
import ORKit

/// Finds who is calling (ruling 36). `X-Client-API-Key` alone decides when it
/// is there; else `Authorization` and `x-api-key`, which must agree.
enum Credential {
    case digest(ORKit.Digest)
    case absent
    /// Two credentials that differ, or one given twice.
    case conflict

    /// - Parameter known: what the connection's last request had.
    static func read(
        _ head: borrowing RequestHead, source: UnsafeRawBufferPointer, known: inout KnownCredential
    ) -> Credential {
        var dedicated: Span?
        var bearer: Span?
        var apiKey: Span?
        for field in head.fields {
            switch field.kind {
            case .xClientAPIKey:
                guard dedicated == nil else { return .conflict }
                dedicated = field.value
            case .authorization:
                guard bearer == nil else { return .conflict }
                bearer = field.value
            case .xAPIKey:
                guard apiKey == nil else { return .conflict }
                apiKey = field.value
            default: break
            }
        }
        if let dedicated { return digest(source[dedicated.range], &known) }
        let token = bearer.map { withoutScheme(source[$0.range]) }
        switch (token, apiKey) {
        case (nil, nil): return .absent
        case (let token?, nil): return digest(token, &known)
        case (nil, let key?): return digest(source[key.range], &known)
        case (let token?, let key?):
            return token.elementsEqual(source[key.range]) ? digest(token, &known) : .conflict
        }
    }

    /// `Bearer` in any case, then spaces (RFC 9110, 11.1). Another scheme is
    /// kept whole: it then matches no client.
    private static func withoutScheme(_ value: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer>
    {
        let scheme: StaticString = "bearer "
        let length = scheme.utf8CodeUnitCount
        guard value.count >= length else { return value }
        for place in 0..<length where value[value.startIndex + place] | 0x20 != scheme.utf8Start[place] {
            return value
        }
        var start = value.startIndex + length
        while start < value.endIndex, value[start] == 0x20 { start += 1 }
        return value[start...]
    }

    private static func digest(
        _ token: Slice<UnsafeRawBufferPointer>, _ known: inout KnownCredential
    ) -> Credential {
        guard !token.isEmpty else { return .absent }
        return known.digest(of: UnsafeRawBufferPointer(rebasing: token)).map(Credential.digest) ?? .absent
    }

    /// Whether the query carries something that is meant as a credential, by
    /// its name or by its looks: such requests are refused, because queries
    /// end in logs.
    static func isInQuery(_ query: Slice<UnsafeRawBufferPointer>) -> Bool {
        let names: [StaticString] = [
            "key", "api_key", "api-key", "apikey", "x-api-key", "x-client-api-key", "access_token", "token",
            "authorization",
        ]
        return query.split(separator: 0x26).contains { pair in
            let name = pair.prefix { $0 != 0x3D }
            if names.contains(where: { $0.utf8CodeUnitCount == name.count && begins(name, with: $0) }) {
                return true
            }
            let value = pair.dropFirst(name.count + 1)
            return begins(value, with: "gw_") || begins(value, with: "sk-")
        }
    }

    /// Whatever the case of the letters.
    private static func begins(_ text: Slice<UnsafeRawBufferPointer>, with word: StaticString) -> Bool {
        text.count >= word.utf8CodeUnitCount
            && zip(text, UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
                .allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }
}
