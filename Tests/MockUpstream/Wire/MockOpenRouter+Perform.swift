extension MockOpenRouter {
    /// An act that does not wait for the body, if one is next for that key or
    /// path.
    func earlyAct(for arrival: Arrival) -> Act? {
        scripts.take(key: arrival.request.key, model: nil, path: arrival.route ?? "", early: true)
    }

    func perform(_ arrival: Arrival) -> Performance {
        let request = arrival.request
        let act = scripts.take(
            key: request.key, model: request.model, path: arrival.route ?? "", early: false)
        return perform(act ?? .usual, arrival)
    }

    func perform(_ act: Act, _ arrival: Arrival) -> Performance {
        var performance = Performance(request: arrival.request, steps: [], bill: nil)
        if case .bytes(let steps) = act.deed {
            performance.steps = steps
            return performance
        }
        let (exchange, key) = exchange(for: arrival)
        var answer: Answer
        if case .answer(let make) = act.deed {
            answer = make(exchange)
        } else {
            answer = exchange.usual(key, book: book, now: options.clock())
        }
        for change in act.changes { change(&answer) }
        performance.request.status = answer.status
        performance.request.generation = exchange.generation
        journal.update(performance.request, nil)
        performance.bill = answer.bill
        performance.steps = answer.steps(head: arrival.request.method == "HEAD", gap: options.cutGap)
        return performance
    }

    func finished(_ request: RecordedRequest, bill: Bill?) {
        if let bill { book.settle(bill, key: request.key, cancelled: false, now: options.clock()) }
        var request = request
        request.endedAt = .now
        journal.update(request, .finished)
    }

    /// - Parameter isWorkDone: the end of the work was told before the peer left.
    func cancelled(_ request: RecordedRequest, bill: Bill?, isWorkDone: Bool = false) {
        if let bill {
            let isBilled = isWorkDone || options.unstoppable.contains(bill.provider)
            book.settle(bill, key: request.key, cancelled: !isBilled, now: options.clock())
        }
        var request = request
        request.endedAt = .now
        request.cancelled = true
        journal.update(request, .cancelled)
    }

    private func exchange(for arrival: Arrival) -> (Exchange, MockKey?) {
        let request = arrival.request
        let key = request.key.flatMap { book.key($0, known: scripts.isScripted(key: $0)) }
        let now = options.clock()
        var exchange = Exchange(
            request: request, skin: Skin(route: arrival.route), route: arrival.route, body: arrival.body,
            account: key.flatMap { book.account($0.account) }, generation: generationID(now),
            created: now / 1000,
            provider: options.providers.first ?? "Mock", warm: false, options: options)
        if let key, exchange.body?["messages"] != nil || exchange.body?["session_id"] != nil {
            (exchange.provider, exchange.warm) = book.route(
                account: key.account, model: exchange.model, conversation: exchange.conversation,
                among: options.providers, now: now)
        }
        return (exchange, key)
    }

    /// `gen-<seconds>-<20 alphanumerics>`, different for every request.
    private func generationID(_ now: Int64) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var word = book.next() &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: now)
        let tail = (0..<20).map { _ -> Character in
            word = (word ^ (word >> 29)) &* 0xBF58_476D_1CE4_E5B9 &+ 1
            return alphabet[Int(word >> 32) % alphabet.count]
        }
        return "gen-\(now / 1000)-\(String(tail))"
    }
}
