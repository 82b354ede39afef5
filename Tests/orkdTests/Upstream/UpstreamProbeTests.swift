import ORKit
import Testing

@testable import orkd

@Suite("Probe of a key")
struct UpstreamProbeTests {
    private func word(_ status: Int, _ body: String) -> String {
        let answer = UpstreamQuestion.Answer(status: status, body: Array(body.utf8), milliseconds: 1)
        switch UpstreamProbe.read(answer, at: SystemClock.now()) {
        case .valid: return "valid"
        case .rejected(let status, let message): return "rejected \(status) \(message)"
        case .limited: return "limited"
        case .unreachable(let reason): return reason
        }
    }

    @Test("a key is rejected by the upstream's own 401 alone; a page of the edge proves nothing")
    func rejection() {
        let unknown = #"{"error":{"message":"User not found.","code":401}}"#
        #expect(word(401, unknown) == "rejected 401 User not found.")
        #expect(word(401, "") == "rejected 401 unauthorized")
        #expect(word(401, "<html>log in</html>") == "the upstream answered 401 a page")
        #expect(word(403, "<html>blocked</html>") == "the upstream answered 403 a page")
        #expect(word(429, "error code: 1015") == "the upstream answered 429 error code: 1015")
    }

    @Test("a key's or an account's limit leaves the key good")
    func limits() {
        #expect(word(429, "") == "limited")
        #expect(word(402, #"{"error":{"message":"Insufficient credits","code":402}}"#) == "limited")
        #expect(
            word(403, #"{"error":{"message":"Key limit exceeded (total limit).","code":403}}"#) == "limited")
    }

    private func info(_ data: String) throws -> KeyInfo {
        let answer = UpstreamQuestion.Answer(
            status: 200, body: Array(#"{"data":{\#(data)}}"#.utf8), milliseconds: 1)
        guard case .valid(let info) = UpstreamProbe.read(answer, at: SystemClock.now()) else {
            throw CodedError(.internalError)
        }
        return info
    }

    @Test("an organisation pays before a person; a name that could be a secret is none")
    func account() throws {
        #expect(try info(#""creator_user_id":"user_a","organization_id":"org_b""#).account == "org_b")
        #expect(try info(#""creator_user_id":"user_a","organization_id":null"#).account == "user_a")
        #expect(try info(#""creator_user_id":"sk-or-v1-x""#).account == nil)
        #expect(try info("").account == nil)
    }

    @Test("a management key is named by the new field or by the old one, and by nothing else")
    func management() throws {
        func isManagement(_ data: String) throws -> Bool { try info(data).isManagement }
        #expect(try isManagement(#""is_management_key":true"#))
        #expect(try isManagement(#""is_management_key":false,"is_provisioning_key":true"#))
        #expect(try !isManagement(#""is_management_key":false,"is_provisioning_key":false"#))
        #expect(try !isManagement(#""is_management_key":"true""#))
        #expect(try !isManagement(""))
    }

    @Test("an end that cannot be read is none")
    func end() throws {
        func end(_ data: String) throws -> WallTime? { try info(data).statement.expiresAt }
        #expect(try end(#""expires_at":"2027-12-31T23:59:59Z""#)?.rfc3339 == "2027-12-31T23:59:59Z")
        #expect(try end(#""expires_at":"soon""#) == nil)
        #expect(try end(#""expires_at":null"#) == nil)
    }

    @Test("what is left is told only where it is told")
    func report() throws {
        func report(_ data: String) throws -> KeyReport { try info(data).report }
        #expect(try report("") == KeyReport())
        #expect(try report(#""limit_remaining":null"#).hasKeyLimitLeft == true)
        #expect(try report(#""limit_remaining":0.5"#).hasKeyLimitLeft == true)
        #expect(try report(#""limit_remaining":0"#).hasKeyLimitLeft == false)
        #expect(try report(#""limit_remaining":-0.01"#).hasKeyLimitLeft == false)
        let budget = #""limit_remaining":null,"effective_budget":{"remaining_usd":0}"#
        #expect(try report(budget).hasKeyLimitLeft == false)
        let free = #""free_model_daily_requests":{"used":1000,"limit":1000,"remaining":0}"#
        #expect(try report(free).hasFreeRequestsLeft == false)
        #expect(
            try report(free.replacing("\"remaining\":0", with: "\"remaining\":3")).hasFreeRequestsLeft == true
        )
    }

    @Test("what is said without key data, or of the upstream's trouble, is no word about the key")
    func nothing() {
        #expect(word(200, #"{"data":{"label":"sk-or-v1-abc...123"}}"#) == "valid")
        #expect(word(200, "{}") == "the upstream answered without key data")
        #expect(word(500, "") == "the upstream answered 500")
        #expect(word(403, #"{"error":{"message":"no","code":403}}"#) == "the upstream answered 403 no")
    }
}
