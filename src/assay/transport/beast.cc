// The one translation unit that compiles Asio's and Beast's own sources (10 s); all others only
// declare them, see BOOST_ASIO_SEPARATE_COMPILATION in src/CMakeLists.txt.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
