#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension MockOpenRouter {
    /// How a mock behaves where no script says otherwise.
    public struct Options: Sendable {
        public var host = "127.0.0.1"
        public var threads = 1

        /// What the model says.
        public var text = "The pool lends one key at a time and counts every token."
        /// How many words instead, if set.
        public var chunks: Int?
        public var stream = StreamShape()
        public var models = MockModel.usual
        public var defaultModel = "openai/gpt-4o-mini"
        public var providers = ["Mock", "Northwind", "Contoso"]
        public var promptPrice = USD(pico: 150_000)
        public var completionPrice = USD(pico: 600_000)

        /// Whether the free tier's 429 carries its numbers as headers too.
        public var freeTierHeaders = false
        /// `/credits` answers an inference key with zeros, as has been seen.
        public var creditsShowZeros = false
        /// Providers that work on, and bill in full, when the caller has left.
        public var unstoppable: Set<String> = []
        /// How long `/generation` answers 404 after the end.
        public var generationDelay = Duration.seconds(1)

        /// Bodies up to so many bytes are kept with the request.
        public var keepBodies = 1 << 20
        /// False for load runs: requests are counted and nothing else.
        public var keepRequests = true
        /// Keeps every byte of every connection.
        public var keepRaw = false
        /// How long an awaited event may take.
        public var patience = Duration.seconds(20)
        /// Pause at every cut of a body.
        public var cutGap = Duration.milliseconds(2)
        /// Milliseconds since 1970.
        public var clock: @Sendable () -> Int64 = Options.wallClock

        public init() {}

        public static let wallClock: @Sendable () -> Int64 = {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        }
    }
}
