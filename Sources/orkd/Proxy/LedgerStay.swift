/// How far one request is in the ledger.
struct LedgerStay {
    /// The loop's number of its reservation; 0: it has none.
    var reservation: UInt64 = 0
    /// The same of its settlement.
    var settlement: UInt64 = 0
    /// Credits that it holds.
    var held: Int64 = 0
    /// A good answer is here and waits for the reservation to be on disk.
    var waitsToRelease = false
    /// The ledger knows which key and which generation serves it.
    var isSent = false

    /// It has begun and is not settled.
    var isOpen: Bool { reservation != 0 && settlement == 0 }
}
