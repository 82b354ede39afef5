import NIOCore
import ORKit

// Counting a request for the cap of its client, where it has one.

extension ProxyExchange {
    /// Goes on once the grant is on disk.
    func count(for cap: RequestCap) {
        serial += 1
        let mine = serial
        stage = .counting
        let me = NIOLoopBound(self, eventLoop: loop.loop)
        let eventLoop = loop.loop
        let isGranted = gateway.caps.take(cap) { isKept in
            eventLoop.execute { me.value.counted(cap, isKept, stay: mine) }
        }
        if !isGranted { refuse(ErrorAnswer(.requestCapReached)) }
    }

    private func counted(_ cap: RequestCap, _ isKept: Bool, stay: Int) {
        loop.readClock()
        guard serial == stay, stage == .counting else {
            // The caller has gone before anything was asked upstream.
            if isKept { gateway.caps.giveBack(cap) }
            return
        }
        guard isKept else { return refuse(ErrorAnswer(.storageUnavailable)) }
        grant = cap
        begin()
    }

    /// At the end. A caller that leaves early has used its request up: the
    /// upstream may have worked for it.
    func settleGrant(end: RequestEnd) {
        guard let cap = grant else { return }
        grant = nil
        if end == .refused || status >= 400 { gateway.caps.giveBack(cap) }
    }
}
