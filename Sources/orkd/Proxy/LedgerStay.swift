import ORKit

/// How far one request is in the ledger, and with its user's credits.
struct LedgerStay {
    /// It has begun, and its reservation is still kept by the loop.
    var isKept = false
    /// The loop's number of its reservation; 0: it is not posted.
    var reservation: UInt64 = 0
    /// The same of its settlement.
    var settlement: UInt64 = 0
    /// Credits that it holds.
    var held: Int64 = 0
    /// What it may cost; nil: credits do not count.
    var claim: Claim?
    /// What it holds may be less than what it costs.
    var isElastic = false
    var meter = StreamMeter()
    /// So many events were metered.
    var eventsSeen: Int64 = 0
    /// Relayed since the credits were used up, octets.
    var overrun = 0
    /// All of the answer was here before a byte of it could leave: it is its
    /// caller's, and counts, although it still waits for the disk.
    var isWhole = false
    /// What was held is given back, and the charge taken.
    var isPaid = false
    var charged: Int64 = 0
    /// The user's, after that.
    var balance: Int64?
    /// The ledger knows which key and which generation serves it.
    var isSent = false

    /// It has begun and is not settled.
    var isOpen: Bool { (isKept || reservation != 0) && settlement == 0 }
}
