package org.louver.sdk

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.net.InetSocketAddress
import java.util.concurrent.Executors
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

/** Misuse throws an exception. It never ends the process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MisuseTest {
    private val chain = Chain()

    @AfterAll
    fun stop() = chain.close()

    @Test
    fun `an object that was closed says so`() = waiting {
        val wallet = chain.wallet("closed")
        wallet.close()
        wallet.close()
        wallet.destroy()
        assertTrue(wallet.uniffiIsDestroyed)
        assertFailsWith<IllegalStateException> { wallet.sync(null) }
        assertFailsWith<IllegalStateException> { wallet.node() }
        val phrase = RecoveryPhrase.generate().also { it.close() }
        assertFailsWith<IllegalStateException> { phrase.words() }
        val path = chain.folder.resolve("never.sqlite").toString()
        assertFailsWith<IllegalStateException> {
            Wallet.create(path, chain.node, phrase, Protection.unsealed(), null)
        }
    }

    @Test
    fun `an object closed during a call ends after it`() = waiting {
        val wallet = chain.wallet("closing", RecoveryPhrase.generate())
        chain.blocks(1)
        coroutineScope {
            val sync = async(Dispatchers.Default) { runCatching { wallet.sync(null) } }
            val closes = List(8) { launch(Dispatchers.Default) { wallet.close() } }
            closes.forEach { it.join() }
            sync.await().onFailure { assertTrue(it is IllegalStateException, "$it") }
        }
        assertFailsWith<IllegalStateException> { wallet.height() }
    }

    @Test
    fun `what a wallet gave outlives it`() = waiting {
        val wallet = chain.funded("parent", "2 LVR")
        val keys = wallet.unlock(Protection.unsealed())
        val to = wallet.receive(0u, null).address
        val plan = wallet.plan(0u, Action.Pay(listOf(Payment(to, chain.coins("1 LVR"))), Fee.Least))
        val draft = wallet.build(plan, keys)
        val node = wallet.node()
        wallet.close()
        assertEquals(chain.node.status().genesisHash, node.status().genesisHash)
        assertTrue(keys.transparentAccount(0u).startsWith("lvrt1"))
        assertEquals(1, plan.preview().payments.size)
        assertTrue(draft.prove(Chain.prover, null).txid().length == 64)
    }

    @Test
    fun `an argument that was closed keeps nothing open`() = waiting {
        val wallet = chain.funded("arguments", "2 LVR")
        val path = chain.folder.resolve("arguments.sqlite").toString()
        val keys = wallet.unlock(Protection.unsealed())
        val plan = wallet.plan(0u, Action.Pay(listOf(Payment(wallet.receive(0u, null).address, chain.coins("1 LVR"))), Fee.Least))
        val closed = wallet.unlock(Protection.unsealed()).also { it.close() }
        assertFailsWith<IllegalStateException> { wallet.build(plan, closed) }
        assertFailsWith<IllegalStateException> { wallet.send(plan, closed, Chain.prover, null) }
        keys.close()
        plan.close()
        wallet.close()
        Wallet.open(path, chain.node).close()
    }

    @Test
    fun `objects that nobody holds are given back`() = waiting {
        val path = chain.folder.resolve("forgotten.sqlite").toString()
        assertEquals(1, chain.wallet("forgotten").accounts().size)
        // Its file is free once the wallet that nobody closed has been collected.
        var opened: Wallet? = null
        for (attempt in 1..100) {
            System.gc()
            opened = runCatching { Wallet.open(path, chain.node) }.getOrNull()
            if (opened != null) break
            delay(100)
        }
        assertNotNull(opened).close()
    }

    @Test
    fun `a transport that breaks its promises is unreachable`() = waiting {
        val throwing = object : Transport {
            override suspend fun send(request: HttpRequest): HttpResponse = throw IllegalStateException("out of order")
        }
        val error = assertFailsWith<NodeException.Unreachable> { Node.connect(throwing, Trust()) }
        assertTrue("out of order" in error.reason, error.reason)
        val unfinished = object : Transport {
            override suspend fun send(request: HttpRequest): HttpResponse = TODO("some day")
        }
        assertTrue("some day" in assertFailsWith<NodeException.Unreachable> { Node.connect(unfinished, Trust()) }.reason)
        val empty = object : Transport {
            override suspend fun send(request: HttpRequest) = HttpResponse(200u, ByteArray(0))
        }
        assertFailsWith<NodeException.Answer> { Node.connect(empty, Trust()) }
        val refusing = object : Transport {
            override suspend fun send(request: HttpRequest) = HttpResponse(503u, "{}".toByteArray())
        }
        assertFailsWith<NodeException.Answer> { Node.connect(refusing, Trust()) }
    }

    /** An HTTP server that answers as `answer` does. */
    private suspend fun serving(answer: (HttpExchange) -> Unit, test: suspend (String) -> Unit) {
        val server = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
        val threads = Executors.newCachedThreadPool()
        server.executor = threads
        server.createContext("/") { exchange -> exchange.use(answer) }
        server.start()
        try {
            test("http://127.0.0.1:${server.address.port}/prefix/")
        } finally {
            server.stop(0)
            threads.shutdownNow()
        }
    }

    private fun get(path: String) = HttpRequest(HttpMethod.GET, path, emptyMap(), ByteArray(0))

    @Test
    fun `the transport sends what it is given and brings any status`() = waiting {
        serving({ exchange ->
            val body = "${exchange.requestMethod} ${exchange.requestURI} ${exchange.requestHeaders.getFirst("x-a")} "
                .toByteArray() + exchange.requestBody.readAllBytes()
            exchange.sendResponseHeaders(if (exchange.requestMethod == "POST") 404 else 200, body.size.toLong())
            exchange.responseBody.write(body)
        }) { url ->
            val transport = HttpTransport(url)
            val got = transport.send(get("/v1/status?a=b"))
            assertEquals(200u to "GET /prefix/v1/status?a=b null ", got.status.toUInt() to String(got.body))
            val post = HttpRequest(HttpMethod.POST, "/x", mapOf("x-a" to "1"), "body".toByteArray())
            val posted = transport.send(post)
            assertEquals(404u to "POST /prefix/x 1 body", posted.status.toUInt() to String(posted.body))
        }
    }

    @Test
    fun `the transport follows no redirect and reads no endless answer`() = waiting {
        serving({ exchange ->
            if (exchange.requestURI.path.endsWith("/away")) {
                exchange.responseHeaders.add("location", "/prefix/long")
                exchange.sendResponseHeaders(302, -1)
            } else {
                exchange.sendResponseHeaders(200, 0)
                runCatching { repeat(100) { exchange.responseBody.write(ByteArray(1000)) } }
            }
        }) { url ->
            assertEquals(302u, HttpTransport(url).send(get("/away")).status.toUInt())
            assertEquals(100_000, HttpTransport(url, maxAnswer = 100_000).send(get("/long")).body.size)
            assertFailsWith<TransportException.Unreachable> { HttpTransport(url, maxAnswer = 99_999).send(get("/long")) }
        }
        for (url in listOf("ftp://example.org", "file:///etc/passwd", "http://", "http://a/?q=1")) {
            assertFailsWith<IllegalArgumentException> { HttpTransport(url) }
        }
    }

    @Test
    fun `the transport says nothing of the device`() = waiting {
        val told = mutableMapOf<String, List<String>>()
        serving({ exchange ->
            told.putAll(exchange.requestHeaders)
            exchange.sendResponseHeaders(200, -1)
        }) { url ->
            HttpTransport(url).send(HttpRequest(HttpMethod.GET, "/", mapOf("x-a" to "1"), ByteArray(0)))
        }
        assertEquals(listOf("louver"), told["User-agent"])
        assertEquals(listOf("*/*"), told["Accept"])
        val known = setOf("Accept", "Cache-control", "Connection", "Host", "Pragma", "User-agent", "X-a")
        assertEquals(emptySet(), told.keys - known)
    }

    @Test
    fun `the transport does not wait for an answer that comes byte by byte`() = waiting {
        serving({ exchange ->
            exchange.sendResponseHeaders(200, 0)
            runCatching {
                repeat(200) {
                    exchange.responseBody.write(1)
                    exchange.responseBody.flush()
                    Thread.sleep(100)
                }
            }
        }) { url ->
            val start = TimeSource.Monotonic.markNow()
            val error = assertFailsWith<TransportException.Unreachable> {
                HttpTransport(url, timeout = 500.milliseconds).send(get("/"))
            }
            assertTrue("500ms" in error.reason, error.reason)
            assertTrue(start.elapsedNow().inWholeSeconds < 10, "${start.elapsedNow()}")
        }
    }

    @Test
    fun `the transport waits no longer than it was told, and ends when it is cancelled`() = waiting {
        serving({ Thread.sleep(20_000) }) { url ->
            val start = TimeSource.Monotonic.markNow()
            assertFailsWith<TransportException.Unreachable> {
                HttpTransport(url, readTimeout = 200.milliseconds).send(get("/"))
            }
            coroutineScope {
                val job = launch(Dispatchers.Default) { HttpTransport(url).send(get("/")) }
                delay(200)
                job.cancelAndJoin()
            }
            assertTrue(start.elapsedNow().inWholeSeconds < 10, "${start.elapsedNow()}")
        }
    }
}
