import Testing

@testable import ORKit

@Suite("Budgets")
struct BudgetTests {
    private static let day: Int64 = 86_400_000
    private static let user = BudgetSubject.user(UserID(1))

    /// Days of UTC; every other period is a day too, but `total`.
    private static let calendar: BudgetCalendar = { period, _, time in
        guard period != .total else { return BudgetSpan(start: 0, end: nil) }
        let start = time.milliseconds / day * day
        return BudgetSpan(start: start, end: start + day)
    }

    private static func budget(
        _ id: Int64 = 1, _ subject: BudgetSubject = user, dollars: Int = 10, _ period: BudgetPeriod = .day,
        hard: Bool = true, warnings: [Int] = []
    ) -> Budget {
        Budget(
            id: BudgetID(id), subject: subject, limit: dollars.dollars, period: period, zone: "UTC",
            isHard: hard, warnings: warnings)
    }

    private static func moment(_ days: Double, steady: Double? = nil) -> BudgetMoment {
        BudgetMoment(
            wall: WallTime(milliseconds: Int64(days * Double(day))),
            steady: Int64((steady ?? days) * Double(day)))
    }

    private func budgets(_ budget: Budget, at moment: BudgetMoment = moment(100.5)) -> Budgets {
        var budgets = Budgets(Self.calendar)
        budgets.set(budget, at: moment)
        return budgets
    }

    private func spend(
        _ dollars: Int, _ budgets: inout Budgets, _ subjects: [BudgetSubject] = [user], key: KeyID? = nil,
        at moment: BudgetMoment = moment(100.5)
    ) -> Bool {
        switch budgets.admit(subjects, cost: dollars.dollars, at: moment) {
        case .free: return true
        case .refused: return false
        case .admitted(let hold):
            budgets.settle(
                hold, subjects + (key.map { [.key($0)] } ?? []), cost: dollars.dollars, at: moment)
            return true
        }
    }

    private func left(_ budgets: inout Budgets, _ id: Int64 = 1, at moment: BudgetMoment = moment(100.5))
        -> Int64?
    {
        budgets.standing(of: BudgetID(id), at: moment).map { $0.left.pico / Money.picoPerDollar }
    }

    @Test("a hard one lets in what fits, and nothing once nothing is left; a soft one lets in all")
    func hard() {
        var budgets = budgets(Self.budget())
        #expect(spend(6, &budgets) && left(&budgets) == 4)
        #expect(!spend(5, &budgets))
        #expect(spend(4, &budgets) && left(&budgets) == 0)
        #expect(!spend(0, &budgets))
        var soft = self.budgets(Self.budget(hard: false))
        #expect(spend(60, &soft) && spend(1, &soft) && left(&soft) == 0)
    }

    @Test("what runs is held, and what nobody knows the cost of gives it back")
    func held() throws {
        var budgets = budgets(Self.budget())
        guard case .admitted(let first) = budgets.admit([Self.user], cost: 7.dollars, at: Self.moment(100.5))
        else {
            Issue.record("not admitted")
            return
        }
        #expect(!spend(4, &budgets) && left(&budgets) == 3)
        budgets.settle(first, [Self.user], cost: nil, at: Self.moment(100.6))
        #expect(left(&budgets) == 10)
        budgets.correct([Self.user], by: 2.dollars, at: Self.moment(100.7))
        #expect(left(&budgets) == 8)
        budgets.correct([Self.user], by: Money(pico: -5 * Money.picoPerDollar), at: Self.moment(100.7))
        #expect(left(&budgets) == 10)
    }

    @Test("all that are about a request must let it in, or none is touched; those of its key only count")
    func several() {
        var budgets = budgets(Self.budget())
        budgets.set(Self.budget(2, .pool(.first), dollars: 3), at: Self.moment(100.5))
        budgets.set(Self.budget(3, .key(KeyID(7)), dollars: 1), at: Self.moment(100.5))
        let subjects = [Self.user, .pool(.first)]
        #expect(!spend(4, &budgets, subjects) && left(&budgets) == 10)
        #expect(spend(2, &budgets, subjects, key: KeyID(7)))
        #expect(left(&budgets) == 8 && left(&budgets, 2) == 1 && left(&budgets, 3) == 0)
        #expect(spend(1, &budgets, subjects, key: KeyID(7)))
        #expect(budgets.admit([.client(ClientID(9))], cost: 99.dollars, at: Self.moment(100.5)).isFree)
    }

    @Test("a new period begins with the calendar, and `total` never does")
    func periods() {
        var budgets = budgets(Self.budget())
        budgets.set(Self.budget(2, Self.user, .total), at: Self.moment(100.5))
        #expect(spend(10, &budgets))
        #expect(left(&budgets, at: Self.moment(100.99)) == 0)
        #expect(left(&budgets, at: Self.moment(101)) == 10 && left(&budgets, 2, at: Self.moment(101)) == 0)
    }

    @Test("a clock that is set forward, back, and forward again gets nobody a period twice")
    func clock() {
        var budgets = budgets(Self.budget())
        #expect(spend(10, &budgets))
        // Forward by ten days: half a day later the true day is over.
        #expect(left(&budgets, at: Self.moment(110.5, steady: 100.51)) == 0)
        #expect(left(&budgets, at: Self.moment(111, steady: 101)) == 10)
        #expect(spend(10, &budgets, at: Self.moment(111, steady: 101)))
        // Back, and forward once more.
        #expect(left(&budgets, at: Self.moment(101.1, steady: 101.1)) == 0)
        #expect(left(&budgets, at: Self.moment(112.5, steady: 101.2)) == 0)
        #expect(left(&budgets, at: Self.moment(112.5, steady: 102)) == 10)
    }

    @Test("each mark is told once a period, and what is kept tells the same after a restart")
    func warnings() {
        var budgets = budgets(Self.budget(hard: false, warnings: [50, 80, 100]))
        _ = budgets.takeChanged()
        #expect(spend(4, &budgets) && budgets.takeChanged().warnings.isEmpty)
        #expect(spend(4, &budgets))
        let (uses, warnings) = budgets.takeChanged()
        #expect(warnings.map(\.percent) == [50, 80] && !budgets.hasChanged)
        var later = self.budgets(Self.budget(hard: false, warnings: [50, 80, 100]), at: Self.moment(100.6))
        uses[BudgetID(1)].map { later.load($0, of: BudgetID(1), at: Self.moment(100.6)) }
        _ = later.takeChanged()
        #expect(left(&later, at: Self.moment(100.6)) == 2)
        #expect(spend(9, &later, at: Self.moment(100.6)))
        #expect(later.takeChanged().warnings.map(\.percent) == [100])
        #expect(spend(5, &later, at: Self.moment(101.1)))
        #expect(later.takeChanged().warnings.map(\.percent) == [50])
    }

    @Test("with another limit what was spent stays, with another period it does not, and removed it is gone")
    func changed() {
        var budgets = budgets(Self.budget())
        #expect(spend(6, &budgets))
        budgets.set(Self.budget(dollars: 20), at: Self.moment(100.5))
        #expect(left(&budgets) == 14)
        budgets.set(Self.budget(dollars: 20, .month), at: Self.moment(100.5))
        #expect(left(&budgets) == 20)
        budgets.remove(BudgetID(1))
        #expect(budgets.isEmpty && left(&budgets) == nil && spend(99, &budgets))
    }

    private func turned(_ budgets: inout Budgets) -> [String] {
        budgets.takeTurned().map { "\($0.subject) \($0.by == nil ? "open" : "closed")" }.sorted()
    }

    @Test("a hard one of a key or a pool closes it while it is spent, and says so once")
    func closing() {
        let key = BudgetSubject.key(KeyID(7))
        var budgets = budgets(Self.budget(1, key, dollars: 2))
        budgets.set(Self.budget(2, .pool(.first), dollars: 2, hard: false), at: Self.moment(100.5))
        func pay(_ dollars: Int) {
            budgets.settle(nil, [key, .pool(.first)], cost: dollars.dollars, at: Self.moment(100.5))
        }
        pay(1)
        #expect(turned(&budgets) == [])
        pay(1)
        pay(5)
        #expect(turned(&budgets) == ["\(key) closed"] && turned(&budgets) == [])
        // What it is kept by says until when.
        budgets.set(Self.budget(3, key, dollars: 1, .total), at: Self.moment(100.5))
        pay(1)
        budgets.tick(at: Self.moment(101))
        #expect(turned(&budgets) == [])
        budgets.remove(BudgetID(3))
        #expect(turned(&budgets) == ["\(key) open"])
        pay(9)
        budgets.set(Self.budget(1, key, dollars: 90), at: Self.moment(100.6))
        #expect(turned(&budgets) == ["\(key) open"])
        pay(90)
        #expect(turned(&budgets) == ["\(key) closed"])
        budgets.tick(at: Self.moment(100.9))
        #expect(turned(&budgets) == [])
        var later = Budgets(Self.calendar)
        later.set(Self.budget(1, key, dollars: 90), at: Self.moment(100.9))
        budgets.takeChanged().uses[BudgetID(1)].map {
            later.load($0, of: BudgetID(1), at: Self.moment(100.9))
        }
        #expect(turned(&later) == ["\(key) closed"])
        later.tick(at: Self.moment(102))
        #expect(turned(&later) == ["\(key) open"])
    }

    @Test("sums that do not fit refuse instead of trapping")
    func extremes() {
        var budgets = budgets(Self.budget(hard: false))
        budgets.correct([Self.user], by: Money(pico: .max), at: Self.moment(100.5))
        budgets.correct([Self.user], by: Money(pico: .max), at: Self.moment(100.5))
        #expect(left(&budgets) == 0)
        budgets.correct([Self.user], by: Money(pico: .min), at: Self.moment(100.5))
        #expect(left(&budgets) == 10)
        guard case .admitted = budgets.admit([Self.user], cost: Money(pico: .max), at: Self.moment(100.5))
        else {
            Issue.record("a soft one refused")
            return
        }
        #expect(left(&budgets) == 0)
    }
}

extension Int {
    fileprivate var dollars: Money { Money(pico: Int64(self) * Money.picoPerDollar) }
}

extension BudgetAdmission {
    fileprivate var isFree: Bool { if case .free = self { true } else { false } }
}
