package org.louver.sdk

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.URI
import java.net.URL
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull

/**
 * A node at a URL, reached with the platform's own HTTP client, on the Java machine and on Android alike.
 *
 * It follows no redirect, waits no longer than the timeouts, reads no more of an answer than [maxAnswer] bytes, and says
 * nothing of the device it runs on. Certificates and proxies are those of the platform, and so are cookies: an
 * application that sets a `java.net.CookieHandler` for all of itself sends them to nodes, too. A coroutine that is
 * cancelled closes its connection.
 *
 * @param url the node's URL, such as `https://node.example`, without a query.
 * @param connectTimeout how long to wait for a connection.
 * @param readTimeout how long to wait for more of an answer.
 * @param timeout how long an exchange may take from its begin to its end.
 * @param maxAnswer the most bytes of an answer that are read.
 * @param dispatcher where the calls block.
 * @throws IllegalArgumentException if it is not a URL of HTTP or HTTPS.
 */
public class HttpTransport(
    url: String,
    private val connectTimeout: Duration = 10.seconds,
    private val readTimeout: Duration = 60.seconds,
    private val timeout: Duration = 10.minutes,
    private val maxAnswer: Int = 64 shl 20,
    private val dispatcher: CoroutineDispatcher = Dispatchers.IO,
) : Transport {
    private val base: String = url.trimEnd('/')

    init {
        val uri = URI.create(base)
        require(uri.scheme == "http" || uri.scheme == "https") { "not a URL of HTTP or HTTPS" }
        require(!uri.host.isNullOrEmpty() && uri.query == null && uri.fragment == null) { "not the URL of a node" }
    }

    override suspend fun send(request: HttpRequest): HttpResponse =
        withTimeoutOrNull(timeout) { connected(request) }
            ?: throw TransportException.Unreachable("the answer takes longer than $timeout")

    private suspend fun connected(request: HttpRequest): HttpResponse {
        val connection = try {
            URL(base + request.path).openConnection() as HttpURLConnection
        } catch (error: IOException) {
            throw unreachable(error)
        }
        return coroutineScope {
            val answer = async(dispatcher) {
                try {
                    exchange(connection, request)
                } catch (error: TransportException) {
                    ensureActive()
                    throw error
                }
            }
            try {
                answer.await()
            } catch (error: CancellationException) {
                // The thread that blocks is woken by its connection's end.
                connection.disconnect()
                throw error
            }
        }
    }

    private fun exchange(connection: HttpURLConnection, request: HttpRequest): HttpResponse = try {
        connection.instanceFollowRedirects = false
        connection.useCaches = false
        connection.connectTimeout = connectTimeout.inWholeMilliseconds.toInt()
        connection.readTimeout = readTimeout.inWholeMilliseconds.toInt()
        connection.requestMethod = when (request.method) {
            HttpMethod.GET -> "GET"
            HttpMethod.POST -> "POST"
        }
        // The platform's own would tell its version, and on Android the device.
        connection.setRequestProperty("User-Agent", "louver")
        connection.setRequestProperty("Accept", "*/*")
        request.headers.forEach(connection::setRequestProperty)
        if (request.method == HttpMethod.POST) {
            connection.doOutput = true
            // With its length known the request is sent once: never again behind our back.
            connection.setFixedLengthStreamingMode(request.body.size)
            connection.outputStream.use { it.write(request.body) }
        }
        val status = connection.responseCode
        if (status < 0) throw IOException("the answer is not HTTP")
        val body = if (status < 400) connection.inputStream else connection.errorStream
        HttpResponse(status.toUShort(), body?.use(::read) ?: ByteArray(0))
    } catch (error: IOException) {
        connection.disconnect()
        throw unreachable(error)
    } catch (error: OutOfMemoryError) {
        connection.disconnect()
        throw TransportException.Unreachable("the answer does not fit into memory")
    }

    private fun read(body: InputStream): ByteArray {
        val read = ByteArrayOutputStream()
        val part = ByteArray(64 shl 10)
        while (true) {
            val count = body.read(part)
            if (count < 0) return read.toByteArray()
            if (count > maxAnswer - read.size()) throw IOException("the answer has more than $maxAnswer bytes")
            read.write(part, 0, count)
        }
    }

    private fun unreachable(error: IOException) =
        TransportException.Unreachable(error.message ?: error.javaClass.simpleName)
}
