/// `/key`, `/credits`, `/generation` (openrouter-api 7).
extension Exchange {
    func keyPage(_ key: MockKey, now: Int64) -> Answer {
        var current = account ?? Account(id: key.account)
        current.roll(to: now)
        let used = min(current.freeInDay, current.freePerDay)
        return Answer(
            status: 200,
            json: [
                "data": [
                    "label": .string(key.label), "limit": key.limit.map { JSON(dollars: $0) } ?? .null,
                    "limit_remaining": key.remaining.map { JSON(dollars: $0) } ?? .null,
                    "limit_reset": JSON(key.reset?.rawValue), "include_byok_in_limit": false,
                    "usage": JSON(dollars: key.used), "usage_daily": JSON(dollars: key.used),
                    "usage_weekly": JSON(dollars: key.used), "usage_monthly": JSON(dollars: key.used),
                    "byok_usage": 0, "is_free_tier": .bool(current.purchased == .zero),
                    "is_management_key": .bool(key.isManagement),
                    "is_provisioning_key": .bool(key.isManagement),
                    "expires_at": JSON(key.expiresAt), "creator_user_id": .string(key.account),
                    "organization_id": nil,
                    "workspace_id": nil,
                    "free_model_daily_requests": [
                        "used": JSON(current.freeInDay), "limit": JSON(current.freePerDay),
                        "remaining": JSON(current.freePerDay - used),
                    ],
                    "rate_limit": ["requests": -1, "interval": "10s", "note": "deprecated"],
                ]
            ])
    }

    func creditsPage(_ key: MockKey) -> Answer {
        guard key.isManagement else {
            guard options.creditsShowZeros else { return refuse(.managementOnly) }
            return Answer(status: 200, json: ["data": ["total_credits": 0, "total_usage": 0]])
        }
        let spent = account?.spent ?? .zero
        let total = (account?.credits ?? .dollars(1000)) + spent
        return Answer(
            status: 200,
            json: ["data": ["total_credits": JSON(dollars: total), "total_usage": JSON(dollars: spent)]])
    }

    func generationPage(_ known: AccountBook.Generation?, now: Int64) -> Answer {
        let delay = options.generationDelay.components
        let ready = delay.seconds * 1000 + delay.attoseconds / 1_000_000_000_000_000
        guard let known, now - known.milliseconds >= ready else {
            return refuse(Trouble(404, "Generation not found", type: "not_found", namesAccount: false))
        }
        let bill = known.bill
        /// Of what was stopped nothing is billed.
        func tokens(_ count: Int) -> JSON { JSON(known.cancelled ? 0 : count) }
        return Answer(
            status: 200,
            json: [
                "data": [
                    "id": .string(bill.generation), "model": .string(bill.model),
                    "provider_name": .string(bill.provider), "created_at": JSON(known.milliseconds / 1000),
                    "streamed": .bool(bill.streamed), "cancelled": .bool(known.cancelled),
                    "finish_reason": known.cancelled ? nil : "stop", "is_byok": false,
                    "usage": JSON(dollars: known.cancelled ? .zero : bill.cost),
                    "total_cost": JSON(dollars: known.cancelled ? .zero : bill.cost),
                    "tokens_prompt": tokens(bill.promptTokens),
                    "tokens_completion": tokens(bill.completionTokens),
                    "native_tokens_prompt": tokens(bill.promptTokens),
                    "native_tokens_completion": tokens(bill.completionTokens),
                    "native_tokens_cached": tokens(bill.cachedTokens), "latency": 20,
                    "generation_time": 40,
                ]
            ])
    }
}
