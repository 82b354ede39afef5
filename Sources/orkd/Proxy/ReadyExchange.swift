import NIOCore
import ORKit
import Synchronization

/// An answer of our own that is known as soon as the head was read: gives it
/// at once and lets the body, if any, go by.
final class ReadyExchange: Exchange {
    private let door: FrontDoor
    private let answer: OwnAnswer

    init(door: FrontDoor, answer: OwnAnswer) {
        self.door = door
        self.answer = answer
    }

    func start() {
        door.loop.counters.requests.add(1, ordering: .relaxed)
        if answer.status >= 400 { door.loop.counters.failed.add(1, ordering: .relaxed) }
        if let code = answer.code { door.loop.tally.refuse(code) }
        door.give(answer)
    }

    func body(_ slice: ByteBuffer) {}
    func bodyEnded() {}
    func bodyRefused(_ code: ErrorCode, _ detail: String?) {}
    func callerGone() {}
    func callerStalled() {}
    func callerWritable(_ writable: Bool) {}
    func check(monotonic: Int64) {}
}
