public import MockUpstream
public import ORKit

extension DaemonFixture {
    /// The record of the request that had this answer, as `orkctl explain`
    /// gives it to programs. It is on disk when this returns.
    public func record(of reply: Reply) async throws -> JSON {
        let id = reply.value("ork-request") ?? "none"
        let ran = try await orkctl("explain", id, "-o", "json")
        guard ran.status == 0, let item = ran.json?["item"] else {
            throw DidNotHappen(description: "no record of request \(id): \(ran.stderr)")
        }
        return item
    }

    /// Until when a model, or a class such as `:free`, rests on a key; nil
    /// when it does not.
    public func rest(of model: String, on key: String) async throws -> WallTime? {
        let rests = try await self.key(key)["resting_models"]?.elements ?? []
        return rests.first { $0["model"]?.text == model }.flatMap { $0["until"]?.text }
            .flatMap(WallTime.init(rfc3339:))
    }
}
