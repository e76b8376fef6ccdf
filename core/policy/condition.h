// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/ids.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace signalbox {

/// A heap value that copies and compares like the value itself. Never empty, so that recursive
/// types (a condition in a condition) stay plain values.
template<class T> class Boxed
{
public:
    Boxed() : m_value(std::make_unique<T>()) {}
    Boxed(T value) : m_value(std::make_unique<T>(std::move(value))) {} // NOLINT: a box is its value
    Boxed(const Boxed& other) : m_value(std::make_unique<T>(*other)) {}
    Boxed(Boxed&& other) noexcept : m_value(std::move(other.m_value)) {}
    Boxed& operator=(const Boxed& other)
    {
        if (this != &other)
            m_value = std::make_unique<T>(*other);
        return *this;
    }
    Boxed& operator=(Boxed&&) noexcept = default;
    ~Boxed() = default;

    T& operator*() { return *m_value; }
    const T& operator*() const { return *m_value; }
    T* operator->() { return m_value.get(); }
    const T* operator->() const { return m_value.get(); }

    friend bool operator==(const Boxed& a, const Boxed& b) { return *a == *b; }

private:
    std::unique_ptr<T> m_value;
};

/// What a signal yields for a request. The alternatives never convert into each other.
/// monostate: the signal is missing for this request.
using SignalValue = std::variant<std::monostate, double, bool, std::string>;

enum class CompareOp {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte, ///< Lt to Gte: numbers only
    In,  ///< value is one of a list
    Contains,
    Prefix,
    Suffix,  ///< strings; ASCII case is kept
    Matches, ///< strings; the portable regular expressions of design.md section 4
    Exists,  ///< the signal is not missing; value must be the boolean true
};

/// A threshold per answer style the user asked for. Each is given.
struct ByStyle
{
    double concise = 0;
    double balanced = 0;
    double detailed = 0;
    bool operator==(const ByStyle&) const = default;
};

using Scalar = std::variant<double, bool, std::string>;
using CompareValue = std::variant<double, bool, std::string, std::vector<Scalar>, ByStyle>;

struct Condition;

/// A comparison. False when its signal is missing for the request, whatever the operator
/// (so that `not` of it is true).
struct Compare
{
    SignalId signal;
    CompareOp op = CompareOp::Eq;
    CompareValue value = 0.0;
    bool ignoreCase = false; ///< ASCII case, string operators and Matches only
    bool operator==(const Compare&) const = default;
};

struct All
{
    std::vector<Condition> conditions; ///< true when empty
    bool operator==(const All&) const = default;
};

struct Any
{
    std::vector<Condition> conditions; ///< false when empty
    bool operator==(const Any&) const = default;
};

struct Not
{
    Boxed<Condition> condition;
    bool operator==(const Not&) const;
};

struct Condition
{
    std::variant<Compare, All, Any, Not> node;
    bool operator==(const Condition&) const = default;
};

inline bool Not::operator==(const Not& other) const
{
    return condition == other.condition;
}

} // namespace signalbox
