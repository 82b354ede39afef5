import NIOCore

/// What is going to be played for one request.
struct Performance {
    var request: RecordedRequest
    var steps: [ByteStep]
    var bill: Bill?
}

/// Plays the steps of one answer on the connection's event loop, one after
/// the other: a write is done when the kernel has it.
final class Player {
    private let channel: any Channel
    private let mock: MockOpenRouter
    private let finished: () -> Void
    private var request: RecordedRequest
    private let bill: Bill?
    private var steps: ArraySlice<ByteStep>
    private let all: [ByteStep]
    /// What the kernel has not taken yet.
    private var leaving: ByteStep?
    private var over = false

    init(
        _ performance: Performance, mock: MockOpenRouter, channel: any Channel, finished: @escaping () -> Void
    ) {
        self.channel = channel
        self.mock = mock
        self.finished = finished
        request = performance.request
        bill = performance.bill
        steps = performance.steps[...]
        all = performance.steps
    }

    func start() { advance() }

    /// The peer is gone.
    func abandon() {
        guard !over else { return }
        over = true
        let rest = steps + [leaving].compactMap { $0 }
        let told = all.dropLast(rest.count)
        let hasToldCost = told.contains(where: \.tellsCost) && !rest.contains(where: \.tellsCost)
        mock.cancelled(request, bill: bill, isWorkDone: hasToldCost)
    }

    private func advance() {
        guard !over, let step = steps.popFirst() else { return }
        switch step {
        case .send(let bytes):
            leaving = step
            send(bytes) { player in
                player.leaving = nil
                player.advance()
            }
        case .repeating(let bytes, let times, let pause): send(bytes, times: times, every: pause)
        case .wait(let duration): wait(duration) { $0.advance() }
        case .gate(let gate):
            let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
            gate.arrive(on: channel.eventLoop) { bound.value.advance() }
        case .stopReading: set(autoRead: false)
        case .resumeReading: set(autoRead: true)
        case .finish:
            end()
            finished()
        case .close:
            end()
            channel.close(promise: nil)
        case .reset:
            end()
            channel.resetConnection()
        case .stall: break
        }
    }

    private func end() {
        over = true
        mock.finished(request, bill: bill)
    }

    private func send(_ bytes: [UInt8], then next: @escaping (Player) -> Void) {
        let bound = NIOLoopBound((self, next), eventLoop: channel.eventLoop)
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { result in
            let (player, next) = bound.value
            // A failed write ends in channelInactive, which says so.
            guard case .success = result, !player.over else { return }
            player.request.bytesSent += bytes.count
            next(player)
        }
    }

    private func send(_ bytes: [UInt8], times: Int?, every pause: Duration) {
        guard times != 0 else { return advance() }
        send(bytes) { player in
            let left = times.map { $0 - 1 }
            guard pause > .zero else { return player.send(bytes, times: left, every: pause) }
            player.wait(pause) { $0.send(bytes, times: left, every: pause) }
        }
    }

    private func wait(_ duration: Duration, then next: @escaping (Player) -> Void) {
        let bound = NIOLoopBound((self, next), eventLoop: channel.eventLoop)
        channel.eventLoop.scheduleTask(in: duration.timeAmount) {
            let (player, next) = bound.value
            if !player.over { next(player) }
        }
    }

    private func set(autoRead: Bool) {
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.setOption(ChannelOptions.autoRead, value: autoRead).whenComplete { _ in bound.value.advance()
        }
    }
}

extension ByteStep {
    /// The model has done its work when this is sent: what it cost stands at
    /// the end.
    fileprivate var tellsCost: Bool {
        guard case .send(let bytes) = self else { return false }
        return String(decoding: bytes.suffix(1024), as: UTF8.self).contains("\"cost\":")
    }
}
