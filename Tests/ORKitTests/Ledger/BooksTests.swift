import Testing

@testable import ORKit

@Suite("The books")
struct BooksTests {
    private let alice = UserID(1)

    private func books(_ free: Int64) -> Books {
        var books = Books()
        books.load([alice: .init(free: free)])
        return books
    }

    @Test("what is held cannot be held again: of many requests only those that are covered begin")
    func holdsDoNotOverlap() {
        var books = books(100)
        let begun = (0..<200).count { _ in books.hold(60, of: alice) }
        #expect(begun == 1)
        #expect(books[alice] == .init(free: 40, held: 60))
    }

    @Test("who may hold some gets what is there, and nothing where nothing is left")
    func someIsWhatIsThere() {
        var books = books(100)
        let held = [alice, alice, alice, UserID(2)].map { books.holdSome(70, of: $0) }
        #expect(held == [70, 30, 0, 0])
    }

    @Test("calls of 25 credits on a balance of 100: four in a row, and never more")
    func fourInARow() {
        var books = books(100)
        var served = 0
        for _ in 0..<10 {
            let held = books.holdSome(1000, of: alice)
            guard held > 0 else { continue }
            served += 1
            let balance = books.settle(held: held, charged: 25, of: alice)
            #expect(balance == 100 - Int64(served) * 25)
        }
        #expect(served == 4)
    }

    @Test("what a request cost beyond what it held is owed")
    func whatIsMissingIsOwed() {
        var books = books(100)
        let holds = books.hold(100, of: alice)
        let balance = books.settle(held: 100, charged: 130, of: alice)
        let holdsMore = books.hold(1, of: alice)
        #expect(holds && balance == -30 && !holdsMore)
    }

    @Test("nothing is settled for somebody who is gone, nor more than was held")
    func strangers() {
        var books = books(100)
        let answers = [
            books.settle(held: 1, charged: 0, of: alice), books.settle(held: 0, charged: 0, of: UserID(2)),
            books.move(5, of: UserID(2)), books.move(Credits.most, of: alice),
        ]
        #expect(answers.allSatisfy { $0 == nil })
        #expect(books[alice] == .init(free: 100))
    }
}
