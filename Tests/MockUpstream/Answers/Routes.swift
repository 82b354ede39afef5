/// Where a path leads when no script says otherwise (openrouter-api 1).
extension Exchange {
    /// Whether the endpoint answers without a credential.
    static func isOpen(_ route: String?) -> Bool {
        guard let route else { return true }
        return ["/models", "/models/count", "/providers", "/embeddings/models"].contains(route)
            || route.hasPrefix("/model/") || (route.hasPrefix("/models/") && route.hasSuffix("/endpoints"))
    }

    func usual(_ key: MockKey?, book: AccountBook, now: Int64) -> Answer {
        guard let route else { return website() }
        if Self.isOpen(route) { return open(route) }
        guard request.key != nil else { return refuse(.noCredential) }
        guard let key else { return refuse(.userNotFound) }
        switch route {
        case "/echo": return echo()
        case "/key", "/auth/key": return keyPage(key, now: now)
        case "/credits": return creditsPage(key)
        case "/generation": return generationPage(queryItem("id").flatMap { book.generation($0) }, now: now)
        case "/models/user": return modelList()
        case "/keys", "/activity", "/byok", "/guardrails", "/workspaces":
            return key.isManagement ? generic() : refuse(.managementOnly)
        default: return inference(route, key: key, book: book, now: now)
        }
    }

    private func open(_ route: String) -> Answer {
        switch route {
        case "/models", "/embeddings/models": return modelList()
        case "/models/count":
            return Answer(status: 200, json: ["data": ["count": JSON(options.models.count)]])
        case "/providers": return providerList()
        case _ where route.hasPrefix("/model/"): return oneModel(String(route.dropFirst("/model/".count)))
        default: return modelEndpoints(String(route.dropFirst("/models/".count).dropLast("/endpoints".count)))
        }
    }

    private func inference(_ route: String, key: MockKey, book: AccountBook, now: Int64) -> Answer {
        let known = [
            "/rerank", "/images", "/audio/speech", "/audio/transcriptions", "/videos", "/batches", "/files",
            "/systemone",
        ]
        guard skin != .other || known.contains(where: { route == $0 || route.hasPrefix($0 + "/") }) else {
            return refuse(Trouble(404, "Not Found", type: "not_found", namesAccount: false))
        }
        if skin != .other {
            guard request.method == "POST" else {
                return refuse(Trouble(405, "Method Not Allowed", namesAccount: false))
            }
            guard body != nil else {
                return refuse(Trouble(400, "Invalid JSON body", type: "invalid_request"))
            }
        }
        if let refusal = refusal(by: book, key: key, now: now) { return refusal }
        var answer = good(Speech(self))
        if !model.hasSuffix(":free"), let estimate { answer.bill?.held = estimate }
        return answer
    }

    /// The bare domain serves people.
    private func website() -> Answer {
        Answer(
            status: 404, headers: [("Content-Type", "text/html; charset=utf-8")],
            body: [.bytes(Array("<!DOCTYPE html><html><body>OpenRouter</body></html>".utf8))])
    }

    private func queryItem(_ name: String) -> String? {
        for pair in (request.query ?? "").split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            if halves.count == 2, halves[0] == name { return String(halves[1]) }
        }
        return nil
    }
}
