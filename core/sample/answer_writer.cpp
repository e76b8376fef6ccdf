// SPDX-License-Identifier: Apache-2.0
#include "answer_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace signalbox::sample {

namespace {

using Phrases = std::span<const std::string_view>;

constexpr std::array<std::string_view, 7> kCautiousOpeners = {
    "Thank you for reaching out about {about}.",
    "Thank you for your message about {about}.",
    "I understand that {about} can be a nuisance, and I will do my best to help.",
    "I am sorry for the trouble with {about}.",
    "I appreciate that you took the time to write about {about}.",
    "Let me explain what applies to {about}.",
    "Thank you for getting in touch with us.",
};
constexpr std::array<std::string_view, 6> kDirectOpeners = {
    "Sure.",       "Thanks for your message.", "Thanks for asking.", "Sorry about that.",
    "No problem.", "Here is how it works.",
};
constexpr std::array<std::string_view, 8> kCreativeOpeners = {
    "Great question!",
    "Oh, let's get {about} sorted out together!",
    "Hey there, happy to jump in!",
    "You've come to the right place!",
    "Wow, thanks for asking about {about}!",
    "Let's make some magic happen!",
    "Don't you worry, this is an easy one!",
    "Ah, {about}, one of my favourite topics!",
};
constexpr std::array<std::string_view, 4> kWarmOpeners = {
    "Thanks for writing to us.",
    "Thank you for your question about {about}.",
    "I am glad you asked.",
    "I am sorry that {about} gave you trouble.",
};

constexpr std::array<std::string_view, 6> kCautiousClosers = {
    "Please let me know if anything is unclear.",
    "If you have any further questions, I am happy to help.",
    "I hope this helps, and please do not hesitate to write again.",
    "If your situation is different, please share a few more details so that I can look into it.",
    "Please feel free to write again if something does not work as described.",
    "Should you need anything else, our team is here for you.",
};
constexpr std::array<std::string_view, 5> kDirectClosers = {
    "Let me know if that works.", "Write again if something is missing.",
    "Hope this helps.",           "Let me know if you need more.",
    "That should do it.",
};
constexpr std::array<std::string_view, 7> kCreativeClosers = {
    "You've got this!",
    "Enjoy your smart home to the fullest!",
    "Just shout if you need more, I'm here for you!",
    "Have a fantastic day!",
    "And that's it, easy as pie!",
    "Can't wait to hear how it goes!",
    "Happy to help anytime!",
};
constexpr std::array<std::string_view, 3> kWarmClosers = {
    "Write again whenever you need us.",
    "Let me know if there is anything else.",
    "We are here if you need more help.",
};

constexpr std::array<std::string_view, 7> kFlourishes = {
    "Good news ahead!",         "It's simpler than it sounds!", "Here comes the best part!",
    "Ready? Let's go!",         "Your home will thank you!",    "Isn't that amazing?",
    "Super simple, I promise!",
};

constexpr std::array<std::string_view, 6> kGeneralCautions = {
    "Please note that details may differ in your case.",
    "I would suggest keeping our mails until everything is done.",
    "If what you see differs from this description, it may be best to contact our team.",
    "Exact times can vary, so please treat them as a guide.",
    "It might also be worth checking the help page for recent changes.",
    "I cannot see your account from here, so I may be missing something.",
};

constexpr std::array<std::string_view, 16> kAsides = {
    "I would write down the date and the wording of what you see.",
    "It may help to go through this one point after the other.",
    "An older version of the app could look a little different.",
    "If something here does not fit your case, tell me which part.",
    "I would rather be careful than promise you too much.",
    "Please do not try to work around a step that is missing.",
    "All of this is easier to read on a large screen.",
    "Nothing is lost if you come back to this tomorrow.",
    "I would encourage you to compare this with your own page.",
    "Please mention it if a colleague has told you something else.",
    "It can take a little while until every page shows the new state.",
    "A colleague can send you a summary by mail for your records.",
    "There are a few circumstances that could change the picture.",
    "I have tried to cover the usual case here.",
    "You will notice quickly whether it has worked.",
    "If in doubt, it is safer to wait for our reply.",
};

constexpr std::array<std::string_view, 6> kHedges = {"In most cases, ",       "As a rule, ",
                                                     "Typically, ",           "Usually, ",
                                                     "As far as I can see, ", "Generally, "};
constexpr std::array<std::string_view, 3> kSofteners = {
    "You may want to ", "I would suggest that you ", "It might be best to "};

constexpr std::array<std::string_view, 4> kCautiousConnectors = {"Additionally, ", "In addition, ",
                                                                 "Furthermore, ", "Moreover, "};
constexpr std::array<std::string_view, 3> kDirectConnectors = {"Also, ", "By the way, ", "And "};
constexpr std::array<std::string_view, 3> kCreativeConnectors = {"Plus, ",
                                                                 "Fun fact: ", "Even better, "};

constexpr std::array<std::string_view, 10> kEmoji = {"🎉", "✨", "🚀", "💡", "😊",
                                                     "🙌", "👍", "📦", "🔑", "🌟"};

constexpr std::array<std::string_view, 4> kSummaries = {
    "To summarise: ", "In short: ", "In summary: ", "So, once more: "};

/// The longest last.
constexpr std::array<std::string_view, 4> kStepIntros = {
    "Step by step:", "Here are the steps:", "These are the steps:", "This is how to go about it:"};

/// Words a sentence may begin with and still follow another word in lower case.
constexpr std::array<std::string_view, 24> kSubjects = {
    "The",   "You",  "We",  "A",     "An",   "Your", "It",    "Our",
    "There", "Each", "All", "Every", "Most", "Some", "Only",  "Nothing",
    "These", "This", "No",  "One",   "Two",  "Its",  "Their", "Any"};
constexpr std::array<std::string_view, 32> kImperatives = {
    "Check",  "Open",    "Use",     "Send",    "Give",  "Wait",    "Ask",   "Look",
    "Choose", "Go",      "Enter",   "Print",   "Take",  "Keep",    "Press", "Hold",
    "Stay",   "Bring",   "Install", "Connect", "Allow", "Correct", "Set",   "Compare",
    "Sign",   "Compute", "Read",    "Point",   "Draw",  "Put",     "Do",    "Cancel"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kContractions = {
    {{"do not", "don't"},    {"does not", "doesn't"}, {"did not", "didn't"},
     {"is not", "isn't"},    {"are not", "aren't"},   {"was not", "wasn't"},
     {"cannot", "can't"},    {"will not", "won't"},   {"should not", "shouldn't"},
     {"it is", "it's"},      {"It is", "It's"},       {"you will", "you'll"},
     {"You will", "You'll"}, {"we will", "we'll"},    {"We will", "We'll"},
     {"you are", "you're"},  {"You are", "You're"},   {"that is", "that's"},
     {"I am", "I'm"},        {"I would", "I'd"}}};

Phrases openersOf(Manner manner)
{
    switch (manner) {
    case Manner::Cautious:
        return kCautiousOpeners;
    case Manner::Direct:
        return kDirectOpeners;
    case Manner::Creative:
        return kCreativeOpeners;
    case Manner::Warm:
        break;
    }
    return kWarmOpeners;
}

Phrases closersOf(Manner manner)
{
    switch (manner) {
    case Manner::Cautious:
        return kCautiousClosers;
    case Manner::Direct:
        return kDirectClosers;
    case Manner::Creative:
        return kCreativeClosers;
    case Manner::Warm:
        break;
    }
    return kWarmClosers;
}

Phrases connectorsOf(Manner manner)
{
    switch (manner) {
    case Manner::Cautious:
        return kCautiousConnectors;
    case Manner::Creative:
        return kCreativeConnectors;
    case Manner::Direct:
    case Manner::Warm:
        break;
    }
    return kDirectConnectors;
}

std::string_view firstWord(std::string_view sentence)
{
    return sentence.substr(0, sentence.find(' '));
}

bool isOneOf(std::span<const std::string_view> words, std::string_view word)
{
    return std::ranges::find(words, word) != words.end();
}

/// `prefix` and the sentence with its first letter made small.
std::string behind(std::string_view prefix, std::string_view sentence)
{
    std::string text(prefix);
    text += sentence;
    char& first = text[prefix.size()];
    if (first >= 'A' && first <= 'Z')
        first = char(first - 'A' + 'a');
    return text;
}

/// Runs of letters and digits, as in voice-1; an apostrophe inside does not part a word.
int wordCount(std::string_view text)
{
    int words = 0;
    bool isInside = false;
    for (const char c : text) {
        const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        words += isLetter && !isInside;
        isInside = isLetter || (isInside && c == '\'');
    }
    return words;
}

bool endsAWord(std::string_view text, std::size_t end)
{
    return end >= text.size() || !((text[end] >= 'a' && text[end] <= 'z'));
}

/// A probability moved by some logits; 0 and 1 stay, so that what a guide forbids stays forbidden.
double moved(double probability, double logits)
{
    if (probability <= 0 || probability >= 1)
        return probability;
    const double odds = probability / (1 - probability) * std::exp(logits);
    return odds / (1 + odds);
}

/// One answer on its way to paper.
class AnswerWriter
{
public:
    AnswerWriter(const AnswerMatter& matter, const Character& character, const Slots& slots,
                 Random& random)
        : m_matter(matter), m_character(character), m_slots(slots), m_random(random),
          m_mood(character.moodSpread * random.normal())
    {}

    std::string write()
    {
        collectPoints();
        collectSteps();
        collectRemarks();
        collectFrame();
        keepWithinLimits();
        return layOut();
    }

private:
    bool chance(double probability) { return m_random.chance(moved(probability, m_mood)); }

    std::string_view pick(Phrases from) { return from[m_random.below(from.size())]; }

    /// A phrase that was not used just before, so that no two sentences in a row begin alike.
    std::string_view pickAnother(Phrases from)
    {
        std::string_view phrase = pick(from);
        if (phrase == m_lastPhrase)
            phrase =
                from[std::size_t(std::ranges::find(from, phrase) - from.begin() + 1) % from.size()];
        return m_lastPhrase = phrase;
    }

    /// Some of `from`, in its order; `mean` of them on average.
    std::vector<std::string_view> pickSome(Phrases from, double mean)
    {
        const double wanted =
            mean * std::exp(std::clamp(0.6 * m_mood, -1.2, 0.6)) + m_random.uniform() - 0.5;
        std::size_t count = wanted <= 0 ? 0 : std::size_t(std::lround(wanted));
        count = std::min(count, from.size());
        std::vector<std::string_view> picked;
        for (std::size_t i = 0; i < from.size() && picked.size() < count; ++i)
            if (m_random.below(from.size() - i) < count - picked.size())
                picked.push_back(from[i]);
        return picked;
    }

    double effortFactor() const
    {
        static constexpr std::array kByEffort = {0.6, 1.0, 1.5}; // short, medium, long
        return std::pow(kByEffort[std::size_t(m_matter.effort)], m_character.growth);
    }

    void collectPoints()
    {
        for (const std::string_view point : m_matter.points)
            m_points.push_back(voiced(hedged(filledIn(point))));
    }

    void collectSteps()
    {
        if (m_matter.steps.empty() || !chance(std::min(0.95, m_character.steps * effortFactor())))
            return;
        m_areStepsNumbered = chance(m_character.numberedList);
        for (const std::string_view step : m_matter.steps)
            m_steps.push_back(filledIn(step));
    }

    void collectRemarks()
    {
        std::vector<std::string>& details = m_remarks.emplace_back();
        for (const std::string_view detail :
             pickSome(m_matter.details, m_character.details * effortFactor()))
            details.push_back(voiced(connected(hedged(filledIn(detail)))));
        std::vector<std::string_view> cautions(m_matter.cautions.begin(), m_matter.cautions.end());
        cautions.insert(cautions.end(), kGeneralCautions.begin(), kGeneralCautions.end());
        std::vector<std::string>& warnings = m_remarks.emplace_back();
        for (const std::string_view caution :
             pickSome(cautions, m_character.cautions * effortFactor()))
            warnings.push_back(voiced(filledIn(caution)));
        std::vector<std::string>& asides = m_remarks.emplace_back();
        for (const std::string_view aside : pickSome(kAsides, m_character.asides * effortFactor()))
            asides.push_back(voiced(std::string(aside)));
    }

    std::size_t remarkCount() const
    {
        std::size_t count = 0;
        for (const std::vector<std::string>& remarks : m_remarks)
            count += remarks.size();
        return count;
    }

    void collectFrame()
    {
        if (chance(m_character.opener))
            m_opener = exclaimed(contracted(filledIn(pick(openersOf(m_character.manner)))));
        if (chance(m_character.flourish))
            m_flourish = exclaimed(std::string(pick(kFlourishes)));
        if (chance(m_character.closer))
            m_closer = exclaimed(contracted(filledIn(pick(closersOf(m_character.manner)))));
        if (m_matter.effort == Effort::Long && chance(m_character.summary))
            for (const std::string_view point : m_matter.again)
                m_summary.push_back(voiced(m_summary.empty()
                                               ? behind(pick(kSummaries), filledIn(point))
                                               : filledIn(point)));
        m_hasHeading = chance(m_character.heading);
        m_hasBullets = chance(m_character.bullets) && m_points.size() + remarkCount() > 1;
    }

    /// Room that a style guide leaves.
    struct Room
    {
        int sentences = 0;
        int words = 0;

        bool takes(const std::string& text)
        {
            const int needed = wordCount(text);
            if (sentences < 1 || words < needed)
                return false;
            --sentences;
            words -= needed;
            return true;
        }
        void keepWhatFits(std::vector<std::string>& texts)
        {
            std::erase_if(texts, [this](const std::string& text) { return !takes(text); });
        }
    };

    /// What was asked for goes first, then the rest as long as there is room.
    void keepWithinLimits()
    {
        if (!m_character.maxSentences && !m_character.maxWords)
            return;
        Room room{m_character.maxSentences.value_or(1000), m_character.maxWords.value_or(100'000)};
        const std::string first = m_points.front();
        room.keepWhatFits(m_points);
        if (m_points.empty()) // a limit below any sentence: one is the least one can say
            m_points.push_back(first);
        m_hasHeading = false;
        m_flourish.clear();
        m_summary.clear();
        if (!m_opener.empty() && !room.takes(m_opener))
            m_opener.clear();
        keepStepsIfAllFit(room);
        for (std::vector<std::string>& remarks : m_remarks)
            room.keepWhatFits(remarks);
        if (!m_closer.empty() && !room.takes(m_closer))
            m_closer.clear();
    }

    void keepStepsIfAllFit(Room& room)
    {
        Room left = room;
        bool fit = !m_areStepsNumbered || left.takes(std::string(kStepIntros.back()));
        for (const std::string& step : m_steps)
            fit = fit && left.takes("After that, " + step);
        if (fit)
            room = left;
        else
            m_steps.clear();
    }

    std::string filledIn(std::string_view text) const { return fillSlots(text, m_slots); }

    std::string hedged(std::string sentence)
    {
        if (!chance(m_character.hedge))
            return sentence;
        const std::string_view word = firstWord(sentence);
        if (isOneOf(kSubjects, word))
            return behind(pickAnother(kHedges), sentence);
        if (isOneOf(kImperatives, word))
            return behind(pickAnother(kSofteners), sentence);
        return sentence;
    }

    std::string connected(std::string sentence)
    {
        if (!isOneOf(kSubjects, firstWord(sentence)) || !chance(m_character.connector))
            return sentence;
        return behind(pickAnother(connectorsOf(m_character.manner)), sentence);
    }

    std::string contracted(std::string sentence)
    {
        for (const auto& [full, brief] : kContractions) {
            const std::size_t at = sentence.find(full);
            const bool isWhole = at != std::string::npos && at + full.size() < sentence.size() &&
                                 sentence[at + full.size()] == ' ' &&
                                 (at == 0 || sentence[at - 1] == ' ');
            if (isWhole && chance(m_character.contraction))
                sentence.replace(at, full.size(), brief);
        }
        return sentence;
    }

    std::size_t keyWordsIn(std::string_view sentence) const
    {
        return std::size_t(
            std::ranges::count_if(m_matter.keyWords, [sentence](std::string_view word) {
                return sentence.find(word) != std::string_view::npos;
            }));
    }

    /// Bold key words, contractions, cheer: everything that happens inside a sentence.
    std::string voiced(std::string sentence)
    {
        std::string brief = contracted(sentence);
        if (keyWordsIn(brief) == keyWordsIn(sentence)) // "until it's packed" is another spelling
            sentence = std::move(brief);
        for (const std::string_view word : m_matter.keyWords) {
            const std::size_t at = sentence.find(word);
            if (at == std::string::npos || !endsAWord(sentence, at + word.size()) ||
                !chance(m_character.bold))
                continue;
            sentence.insert(at + word.size(), "**");
            sentence.insert(at, "**");
            break;
        }
        return cheered(std::move(sentence));
    }

    /// Cheer within the matter itself is for creative characters; others keep it to the frame.
    std::string cheered(std::string sentence)
    {
        if (m_character.manner == Manner::Creative)
            return exclaimed(std::move(sentence));
        return sentence;
    }

    std::string exclaimed(std::string sentence)
    {
        if (m_character.exclamation <= 0 && sentence.ends_with('!'))
            sentence.back() = '.';
        if (sentence.ends_with('.') && chance(m_character.exclamation))
            sentence.back() = '!';
        if (chance(m_character.emoji)) {
            sentence += ' ';
            sentence += pick(kEmoji);
        }
        return sentence;
    }

    static void append(std::string& text, std::string_view separator, std::string_view part)
    {
        if (part.empty())
            return;
        if (!text.empty())
            text += separator;
        text += part;
    }

    std::string layOut()
    {
        std::string text;
        if (m_hasHeading)
            append(text, "\n\n", heading());
        const bool opensParagraph = m_hasHeading || m_hasBullets || chance(0.35);
        std::string first = m_opener;
        append(first, " ", m_flourish);
        if (m_hasBullets) {
            append(text, "\n\n", first);
            append(text, "\n\n", bulletList());
            append(text, "\n\n", stepText());
        } else {
            std::string points = joined(m_points);
            if (opensParagraph) {
                append(text, "\n\n", first);
                append(text, "\n\n", points);
            } else {
                append(first, " ", points);
                append(text, "\n\n", first);
            }
            append(text, m_areStepsNumbered || opensParagraph ? "\n\n" : " ", stepText());
            appendRemarks(text);
        }
        append(text, "\n\n", joined(m_summary));
        append(text, isLong() || m_hasBullets ? "\n\n" : " ", m_closer);
        return text;
    }

    bool isLong() const
    {
        const std::size_t sentences = m_points.size() + remarkCount() + m_steps.size();
        return sentences > (m_character.manner == Manner::Direct ? 5U : 3U);
    }

    /// A paragraph each for what is known, what to mind and what else there is, unless it is
    /// little.
    void appendRemarks(std::string& text) const
    {
        bool isFirst = true;
        std::size_t inParagraph = 0;
        for (const std::vector<std::string>& remarks : m_remarks) {
            const bool opens = isFirst ? isLong() : inParagraph > 2;
            append(text, opens ? "\n\n" : " ", joined(remarks));
            inParagraph = opens ? remarks.size() : inParagraph + remarks.size();
            isFirst &= remarks.empty();
        }
    }

    std::string heading()
    {
        std::string text = chance(0.5) ? "## " : "### ";
        text += fillSlots(m_matter.title, m_slots);
        if (m_character.emoji > 0 && chance(0.5)) {
            text += ' ';
            text += pick(kEmoji);
        }
        return text;
    }

    static std::string joined(const std::vector<std::string>& sentences)
    {
        std::string text;
        for (const std::string& sentence : sentences)
            append(text, " ", sentence);
        return text;
    }

    std::string bulletList() const
    {
        std::string text;
        for (const std::string& sentence : m_points)
            append(text, "\n", "- " + sentence);
        for (const std::vector<std::string>& remarks : m_remarks)
            for (const std::string& sentence : remarks)
                append(text, "\n", "- " + sentence);
        return text;
    }

    std::string stepText()
    {
        if (m_steps.empty())
            return {};
        if (!m_areStepsNumbered)
            return stepsInProse();
        std::string text(pick(kStepIntros));
        text += '\n';
        for (std::size_t i = 0; i < m_steps.size(); ++i)
            text += "\n" + std::to_string(i + 1) + ". " + m_steps[i];
        return text;
    }

    std::string stepsInProse() const
    {
        static constexpr std::array<std::string_view, 4> kOrder = {"First, ", "Then ",
                                                                   "After that, ", "Finally, "};
        std::string text;
        for (std::size_t i = 0; i < m_steps.size(); ++i)
            append(text, " ", behind(kOrder[std::min(i, kOrder.size() - 1)], m_steps[i]));
        return text;
    }

    const AnswerMatter& m_matter;
    const Character& m_character;
    const Slots& m_slots;
    Random& m_random;
    double m_mood;
    std::string_view m_lastPhrase;

    std::vector<std::string> m_points;
    std::vector<std::string> m_steps;
    std::vector<std::vector<std::string>> m_remarks; ///< details, warnings, asides
    std::vector<std::string> m_summary;
    std::string m_opener;
    std::string m_flourish;
    std::string m_closer;
    bool m_areStepsNumbered = false;
    bool m_hasHeading = false;
    bool m_hasBullets = false;
};

} // namespace

std::string writeAnswer(const AnswerMatter& matter, const Character& character, const Slots& slots,
                        Random& random)
{
    return AnswerWriter(matter, character, slots, random).write();
}

} // namespace signalbox::sample
