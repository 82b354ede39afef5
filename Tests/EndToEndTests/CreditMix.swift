import MockUpstream
import ORKTestSupport
import Testing

/// Orders over the control socket and requests over the data port, of some
/// users at once, and what whoever gave them knows of the balances.
///
/// In the middle the daemon is killed and started again. An order whose answer
/// was lost is given again under its name; of a request whose answer was lost
/// nobody knows whether it was charged.
actor CreditMix {
    static let users = 5
    static let start: Int64 = 1_000_000
    /// What each request costs that is answered.
    static let cost: Int64 = 25

    /// Of one user.
    struct Known: Sendable {
        /// What is certain.
        var balance = CreditMix.start
        /// What may have been charged besides.
        var perhaps: Int64 = 0
        /// Movements that nobody has taken back.
        var movements: [Int64] = []
    }

    private enum Kind: Int, CaseIterable { case add, deduct, refund, request, failing }

    private let daemon: DaemonFixture
    /// Client keys, by user.
    private let secrets: [String]
    private let count: Int
    private let killAt: Int
    private var begun = 0
    private var isDown = false
    private let isBack = Gate()
    private(set) var known = Array(repeating: Known(), count: CreditMix.users)
    /// How many operations of each kind came to their end.
    private(set) var done: [Int] = Kind.allCases.map { _ in 0 }

    init(_ daemon: DaemonFixture, secrets: [String], count: Int, killAt: Int) {
        self.daemon = daemon
        self.secrets = secrets
        self.count = count
        self.killAt = killAt
    }

    /// Carries them all out, so many at once.
    func run(workers: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers { group.addTask { try await self.work() } }
            try await group.waitForAll()
        }
    }

    private func work() async throws {
        while begun < count {
            let number = begun
            begun += 1
            if number == killAt {
                isDown = true
                try await daemon.kill9()
                try await daemon.start()
                isDown = false
                isBack.open()
            }
            if isDown { await isBack.pass() }
            try await operate(number)
        }
    }

    private func operate(_ number: Int) async throws {
        let user = number % Self.users
        let kind = Kind.allCases[number / Self.users % Kind.allCases.count]
        switch kind {
        case .add, .deduct:
            let credits: Int64 = kind == .add ? 100 : 70
            let body: JSON = [
                "user": .string("u\(user)"), "credits": JSON(credits), "deduct": .bool(kind == .deduct),
                "idempotency_key": .string("order-\(number)"),
            ]
            let movement = try await order("/v1/credits", body)
            known[user].balance += kind == .add ? credits : -credits
            if kind == .add { known[user].movements.append(movement) }
        case .refund:
            guard let movement = known[user].movements.popLast() else { return }
            _ = try await order("/v1/credits/refund", ["movement": JSON(movement)])
            known[user].balance -= 100
        case .request:
            try await request(of: user, stream: number % 2 == 0)
        case .failing:
            try await fail(of: user)
        }
        done[kind.rawValue] += 1
    }

    /// Given again when its answer was lost.
    private func order(_ target: String, _ body: JSON) async throws -> Int64 {
        var reply = try? await daemon.control("POST", target, body)
        if reply?.complete != true {
            await isBack.pass()
            reply = try await daemon.control("POST", target, body)
        }
        #expect((200..<300).contains(reply?.status ?? 0), "\(target): \(reply?.text ?? "")")
        return try #require(reply?.json?["items"]?.elements?.first?["item"]?["id"]?.integer)
    }

    private func request(of user: Int, stream: Bool) async throws {
        var body = Caller.chatBody(stream: stream)
        body["max_tokens"] = 20
        let reply = try? await daemon.caller(key: secrets[user]).post("/v1/chat/completions", body)
        guard let reply, reply.complete else {
            known[user].perhaps += Self.cost
            return await isBack.pass()
        }
        #expect(reply.status == 200, "\(reply.text)")
        known[user].balance -= Self.cost
    }

    private func fail(of user: Int) async throws {
        var body = Caller.chatBody(model: "v/fails")
        body["max_tokens"] = 20
        let reply = try? await daemon.caller(key: secrets[user]).post("/v1/chat/completions", body)
        guard let reply, reply.complete else { return await isBack.pass() }
        #expect(reply.status == 400, "\(reply.text)")
    }
}
