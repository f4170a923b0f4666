#include "aws/server_for_tests.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <list>
#include <mutex>
#include <thread>

#include "base/text.h"

namespace sagewarden::aws {
namespace {

// Bytes in and out, with or without TLS.
class Stream {
 public:
  Stream(int socket, SSL_CTX* tls) : socket_(socket) {
    if (tls == nullptr) return;
    ssl_ = SSL_new(tls);
    SSL_set_fd(ssl_, socket);
    ok_ = SSL_accept(ssl_) == 1;
  }
  ~Stream() {
    if (ssl_ != nullptr) SSL_free(ssl_);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool read_more(std::string& buffer) {
    char bytes[16'384];
    if (!ok_) return false;
    const ssize_t got = ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof bytes)
                                        : recv(socket_, bytes, sizeof bytes, 0);
    if (got > 0) buffer.append(bytes, static_cast<size_t>(got));
    return got > 0;
  }
  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t put = ssl_ != nullptr
                              ? SSL_write(ssl_, text.data(), static_cast<int>(text.size()))
                              : send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (put <= 0) return;
      text.remove_prefix(static_cast<size_t>(put));
    }
  }

 private:
  int socket_;
  SSL* ssl_ = nullptr;
  bool ok_ = true;
};

// Reads one request from the stream; what comes behind it stays in the buffer.
bool read_request(Stream& stream, std::string& buffer, Received& request) {
  while (buffer.find("\r\n\r\n") == std::string::npos) {
    if (!stream.read_more(buffer)) return false;
  }
  const size_t head_end = buffer.find("\r\n\r\n");
  const std::string head = buffer.substr(0, head_end);
  const std::vector<std::string_view> lines = split(head, '\n');
  const std::vector<std::string_view> first = split(trim(lines[0]), ' ');
  request.method = first[0];
  request.target = first.at(1);
  for (size_t i = 1; i < lines.size(); ++i) {
    const size_t colon = lines[i].find(':');
    request.headers.push_back(
        {std::string(lines[i].substr(0, colon)), std::string(trim(lines[i].substr(colon + 1)))});
  }
  size_t length = 0;
  const std::string text = request.header("content-length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  while (buffer.size() < head_end + 4 + length) {
    if (!stream.read_more(buffer)) return false;
  }
  request.body = buffer.substr(head_end + 4, length);
  buffer.erase(0, head_end + 4 + length);
  return true;
}

std::string text_of(const Reply& reply) {
  std::string text = fmt::format("HTTP/1.1 {} Scripted\r\n", reply.status);
  for (const Header& header : reply.headers) text += header.name + ": " + header.value + "\r\n";
  const size_t more = reply.end == Reply::End::Truncate ? 1 : 0;
  text += fmt::format("Content-Length: {}\r\n", reply.body.size() + more);
  if (reply.end == Reply::End::Close) text += "Connection: close\r\n";
  return text + "\r\n" + reply.body;
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

Certificate make_certificate(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3'600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("loopback"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate.get(), names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

std::string pem_of(X509* certificate) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<size_t>(size));
  BIO_free(memory);
  return text;
}

}  // namespace

std::string Received::header(std::string_view name) const {
  for (const Header& candidate : headers) {
    if (lower(candidate.name) == lower(name)) return candidate.value;
  }
  return {};
}

struct TestServer::Impl {
  struct Connection {
    int socket = -1;
    std::thread thread;
  };

  Handler handler;
  int listener = -1;
  int port = 0;
  std::atomic<int> requests = 0;
  std::thread accepting;
  std::mutex mutex;
  bool stopping = false;              // guarded by the mutex
  std::list<Connection> connections;  // guarded by the mutex
  Key key;
  Certificate certificate;
  Context tls;

  void accept_all();
  void serve(int socket, int number);
};

void TestServer::Impl::accept_all() {
  for (int number = 1;; ++number) {
    const int socket = accept(listener, nullptr, nullptr);
    const std::lock_guard lock(mutex);
    if (socket < 0 || stopping) {
      if (socket >= 0) close(socket);
      return;
    }
    Connection& connection = connections.emplace_back();
    connection.socket = socket;
    connection.thread = std::thread([this, socket, number] { serve(socket, number); });
  }
}

void TestServer::Impl::serve(int socket, int number) {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);  // OpenSSL's writes raise it
  Stream stream(socket, tls.get());
  std::string buffer;
  while (true) {
    Received request;
    request.connection = number;
    if (!read_request(stream, buffer, request)) break;
    ++requests;
    const Reply reply = handler(request);
    if (reply.end == Reply::End::Hang) {
      // Until the other side, or the destructor, closes.
      while (stream.read_more(buffer)) {
      }
      break;
    }
    if (reply.end == Reply::End::Reset) break;
    stream.write(text_of(reply));
    if (reply.end != Reply::End::KeepOpen) break;
  }
  shutdown(socket, SHUT_RDWR);
}

TestServer::TestServer(Handler handler, Scheme scheme) : impl_(std::make_unique<Impl>()) {
  impl_->handler = std::move(handler);
  if (scheme == Scheme::Https) {
    impl_->key.reset(EVP_EC_gen("P-256"));
    impl_->certificate = make_certificate(impl_->key.get());
    impl_->tls.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(impl_->tls.get(), impl_->certificate.get());
    SSL_CTX_use_PrivateKey(impl_->tls.get(), impl_->key.get());
  }
  impl_->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(impl_->listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(impl_->listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  EXPECT_EQ(listen(impl_->listener, 128), 0);
  impl_->port = ntohs(address.sin_port);
  impl_->accepting = std::thread([this] { impl_->accept_all(); });
}

TestServer::~TestServer() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    for (const auto& connection : impl_->connections) shutdown(connection.socket, SHUT_RDWR);
  }
  shutdown(impl_->listener, SHUT_RDWR);
  impl_->accepting.join();
  for (auto& connection : impl_->connections) {
    connection.thread.join();
    close(connection.socket);
  }
  close(impl_->listener);
}

std::string TestServer::origin() const {
  return fmt::format("{}://127.0.0.1:{}", impl_->tls ? "https" : "http", impl_->port);
}

std::string TestServer::certificate() const {
  return pem_of(impl_->certificate.get());
}

int TestServer::requests() const {
  return impl_->requests;
}

}  // namespace sagewarden::aws
