import Testing

@testable import ORKit

@Suite("Permissions")
struct PermissionTests {
    @Test("the words of S0 and the pairs of S2 mean what the data path tells apart [K-18]")
    func words() {
        let cases: [([String], Permissions)] = [
            (["chat.completions"], .chat), (["models.list"], .catalogue), (["embeddings"], .embeddings),
            (["images.generate"], .images), (["inference"], .inference), (["read"], [.catalogue, .readUser]),
            (["write"], [.inference, .writeUser]), (["admin"], .admin), (["read:*", "write:*"], .standard),
            (["write:chat.completions", "read:models"], [.chat, .catalogue]), (["user"], .user),
            (["write:passthrough"], .passthrough), (["admin:*"], .admin), ([], []),
        ]
        for (names, set) in cases { #expect(Permissions(names: names) == set, "\(names)") }
        for name in [
            "", "root", "read:", "read:keys", "write:models", "write:admin", "admin:x", "delete:*", ":",
        ] {
            #expect(Permissions(names: [name]) == nil, "\(name)")
        }
        #expect(Permissions.words.allSatisfy { Permissions(names: [$0]) != nil })
    }

    @Test("every set is written in words and as S2's map, and read again as itself")
    func roundTrips() {
        for raw in UInt16(0)..<8192 {
            let set = Permissions(rawValue: raw)
            #expect(Permissions(names: set.names) == set)
            if raw != 0 { #expect(Permissions(scopes: set.scopes) == set) }
        }
        #expect(Permissions.standard.names == ["inference", "catalogue", "user"])
        #expect(Permissions.standard.scopes == ["read": ["*"], "write": ["*"], "admin": []])
        #expect(Permissions(scopes: [:]) == .standard)
        #expect(Permissions(scopes: ["read": ["*"], "write": []]) == [.catalogue, .readUser])
        #expect(Permissions(scopes: ["delete": []]) == nil && Permissions(scopes: ["read": ["x"]]) == nil)
    }

    @Test("a star never means passthrough or admin, and the standard set has neither")
    func stars() {
        let all = Permissions(names: ["read:*", "write:*", "inference", "catalogue", "user"])
        #expect(all?.isDisjoint(with: [.passthrough, .admin]) == true)
        #expect(Permissions.standard.isDisjoint(with: [.passthrough, .admin]))
    }
}
